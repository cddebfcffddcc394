/// One field of a cron expression: which numbers it holds.
struct CronField: Equatable, Sendable {
  /// What a field may hold.
  struct Kind: Sendable {
    let name: String
    let range: ClosedRange<Int>
    /// Three letters for a number, from the start of the range on.
    var names: [String] = []

    static let minute = Kind(name: "minute", range: 0...59)
    static let hour = Kind(name: "hour", range: 0...23)
    static let day = Kind(name: "day of the month", range: 1...31)
    static let month = Kind(
      name: "month", range: 1...12,
      names: [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      ])
    /// 7 is Sunday too.
    static let weekday = Kind(
      name: "day of the week", range: 0...7,
      names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
  }

  /// Bit n stands for the number n.
  private(set) var bits: UInt64 = 0
  /// True where it begins with a star: it restricts nothing, or only by a step.
  let isStar: Bool
  let text: String

  /// A list of numbers, names, ranges and steps, such as `1,5-9,*/20,mon-fri`.
  init(_ text: Substring, _ kind: Kind) throws(ServiceError) {
    self.text = String(text)
    isStar = text.hasPrefix("*")
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      try add(part, kind)
    }
    if kind.range.upperBound == 7, contains(7) { bits = bits & ~(1 << 7) | 1 }
  }

  func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

  /// The numbers, ascending.
  var numbers: [Int] { (0..<64).filter(contains) }

  private mutating func add(_ part: Substring, _ kind: Kind) throws(ServiceError) {
    let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count <= 2, let first = pieces.first else { throw wrong(part, kind) }
    var step = 1
    if pieces.count == 2 {
      guard let given = Int(pieces[1]), given > 0, pieces[1].utf8.first != 0x2B else {
        throw wrong(part, kind)
      }
      step = given
    }
    let range = try range(first, kind, isOpen: pieces.count == 2)
    for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      bits |= 1 << UInt64(number)
    }
  }

  private func range(
    _ text: Substring, _ kind: Kind, isOpen: Bool
  ) throws(ServiceError) -> ClosedRange<Int> {
    // Sunday would be there twice.
    let last = kind.range.upperBound == 7 ? 6 : kind.range.upperBound
    if text == "*" { return kind.range.lowerBound...last }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2, let low = number(ends[0], kind) else { throw wrong(text, kind) }
    if ends.count == 1 { return low...(isOpen ? max(low, last) : low) }
    guard var high = number(ends[1], kind) else { throw wrong(text, kind) }
    // As in "fri-sun".
    if kind.range.upperBound == 7, high == 0, low > 0 { high = 7 }
    guard low <= high else { throw wrong(text, kind) }
    return low...high
  }

  private func number(_ text: Substring, _ kind: Kind) -> Int? {
    if let place = kind.names.firstIndex(of: text.lowercased()) {
      return place + kind.range.lowerBound
    }
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
      kind.range.contains(number)
    else { return nil }
    return number
  }

  private func wrong(_ part: Substring, _ kind: Kind) -> ServiceError {
    ServiceError(
      .invalid,
      "'\(part.prefix(40))' is no \(kind.name) of a cron expression:"
        + " it takes \(kind.range.lowerBound) to \(kind.range.upperBound), lists, ranges and steps",
      hint: "as in */15, 8-18/2 or 1,15; five fields: minute hour day month weekday")
  }
}
