/// One stage of long work: what is known of its pace, and how it reads.
struct ProgressStage {
  let name: String
  let total: Int?
  let unit: String
  let start: Duration
  var lastShown: Duration
  private(set) var done = 0
  /// What is known so far.
  var remark: String?
  /// Moments of the last half minute or so, oldest first: the rate is measured over these, so that
  /// work skipped at the start does not promise a pace that nobody keeps.
  private var marks: [(time: Duration, done: Int)]

  init(name: String, total: Int?, unit: String, start: Duration) {
    self.name = name
    self.total = total
    self.unit = unit
    self.start = start
    lastShown = start
    marks = [(start, 0)]
  }

  /// Takes in how far the work is; going backwards is ignored, as reports of several threads may
  /// arrive out of order.
  mutating func note(_ done: Int, at now: Duration) {
    self.done = max(self.done, done)
    if let last = marks.last, now - last.time >= .milliseconds(500) {
      marks.append((now, self.done))
    }
    while marks.count > 2, now - marks[1].time >= .seconds(30) { marks.removeFirst() }
  }

  /// Units per second of late, or nil before anything can be said.
  func rate(at now: Duration) -> Double? {
    let seconds = (now - marks[0].time) / .seconds(1)
    guard seconds > 0, done > marks[0].done else { return nil }
    return Double(done - marks[0].done) / seconds
  }

  /// Time to the end at the present rate, or nil where it cannot be told.
  func left(at now: Duration) -> Duration? {
    guard let total, let rate = rate(at: now), done < total else { return nil }
    return .seconds(min(Double(total - done) / rate, 1e9))
  }

  var opening: String {
    guard let total else { return "\(name): started" }
    return "\(name): \(HumanNumbers.count(total)) \(unit)"
  }

  /// The state in words, for a log.
  func line(at now: Duration, memory: Int?) -> String {
    "\(name): " + facts(at: now, memory: memory).joined(separator: ", ")
  }

  /// The state in one terminal line of at most `columns - 1` characters; the bar gives way first.
  func bar(at now: Duration, memory: Int?, columns: Int) -> String {
    let tail = facts(at: now, memory: memory).joined(separator: "  ")
    let room = columns - 1 - name.count - tail.count - 6
    guard let total, total > 0, room >= 5 else {
      return String("\(name)  \(tail)".prefix(max(0, columns - 1)))
    }
    let cells = min(24, room)
    let filled = Int(Double(cells) * min(1, Double(done) / Double(total)))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled)
    return "\(name)  [\(bar)]  \(tail)"
  }

  /// The last word on the stage.
  func closing(at now: Duration, memory: Int?, remark: String?) -> String {
    var parts = ["\(HumanNumbers.count(done)) \(unit) in \(HumanNumbers.duration(now - start))"]
    let seconds = (now - start) / .seconds(1)
    if done > 0, seconds > 0 { parts.append(HumanNumbers.rate(Double(done) / seconds)) }
    if let memory { parts.append(HumanNumbers.bytes(memory)) }
    if let remark { parts.append(remark) }
    return "\(name): " + parts.joined(separator: ", ")
  }

  /// The state for a program: under `progress` the stage, units done and in all, units per second,
  /// seconds left and resident bytes; null where unknown.
  func document(at now: Duration, memory: Int?, remark closing: String? = nil) -> JSONValue {
    [
      "progress": [
        "stage": .string(name), "done": .int(done), "total": JSONValue(total, JSONValue.int),
        "unit": .string(unit), "rate": JSONValue(rate(at: now), JSONValue.double),
        "secondsLeft": JSONValue(left(at: now)) { .double($0 / .seconds(1)) },
        "memoryBytes": JSONValue(memory, JSONValue.int),
        "remark": JSONValue(closing ?? remark, JSONValue.string),
      ]
    ]
  }

  private func facts(at now: Duration, memory: Int?) -> [String] {
    let ofTotal = total.map { "/" + HumanNumbers.count($0) } ?? ""
    var facts = ["\(HumanNumbers.count(done))\(ofTotal) \(unit)"]
    if let rate = rate(at: now) { facts.append(HumanNumbers.rate(rate)) }
    if let left = left(at: now) { facts.append("\(HumanNumbers.duration(left)) left") }
    if let memory { facts.append(HumanNumbers.bytes(memory)) }
    if let remark { facts.append(remark) }
    return facts
  }
}
