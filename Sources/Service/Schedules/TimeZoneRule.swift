/// The rule for the years past a time zone's table: a POSIX TZ string such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Equatable, Sendable {
  /// When in a year the clocks are changed.
  struct Change: Equatable, Sendable {
    enum Day: Equatable, Sendable {
      /// 1 to 365; 29 February is never counted.
      case julian(Int)
      /// 0 to 365; 29 February is counted.
      case ofYear(Int)
      /// The weekday (0 Sunday) of the week (1 to 5, 5 the last) of the month.
      case weekday(month: Int, week: Int, day: Int)
    }

    var day: Day
    /// Seconds after midnight on the wall before the change; may be negative or beyond a day.
    var time: Int

    /// Seconds since 1970 on the wall before the change.
    func wallSeconds(year: Int) -> Int64 {
      let first = LocalTime(year: year, month: 1, day: 1).dayNumber
      let number: Int
      switch day {
      case .ofYear(let day): number = first + day
      case .julian(let day):
        let isLeap = LocalTime(year: year + 1, month: 1, day: 1).dayNumber - first == 366
        number = first + day - 1 + (isLeap && day >= 60 ? 1 : 0)
      case .weekday(let month, let week, let day):
        let start = LocalTime(year: year, month: month, day: 1).dayNumber
        let next =
          month == 12
          ? LocalTime(year: year + 1, month: 1, day: 1).dayNumber
          : LocalTime(year: year, month: month + 1, day: 1).dayNumber
        var found = start + (day - LocalTime.weekday(ofDay: start) + 7) % 7 + 7 * (week - 1)
        while found >= next { found -= 7 }
        number = found
      }
      return Int64(number) * 86_400 + Int64(time)
    }
  }

  /// Seconds east of UTC in standard time.
  var standard: Int
  /// The other offset with its changes; nil where the clocks are never changed.
  var summer: (offset: Int, begins: Change, ends: Change)?

  static func == (a: Self, b: Self) -> Bool {
    a.standard == b.standard && a.summer?.offset == b.summer?.offset
      && a.summer?.begins == b.summer?.begins && a.summer?.ends == b.summer?.ends
  }

  /// Nil for a text that is no such rule.
  init?(_ text: String) {
    var reader = RuleReader(text)
    guard reader.skipName(), let standard = reader.offset() else { return nil }
    self.standard = standard
    summer = nil
    if reader.isAtEnd { return }
    guard reader.skipName() else { return nil }
    var offset = standard + 3600
    if !reader.isAt(",") {
      guard let own = reader.offset() else { return nil }
      offset = own
    }
    guard reader.take(","), let begins = reader.change(), reader.take(","),
      let ends = reader.change(), reader.isAtEnd
    else { return nil }
    summer = (offset, begins, ends)
  }

  /// The changes of a year in order: when, and the offset from then on.
  func transitions(year: Int) -> [(at: Int64, offset: Int)] {
    guard let summer else { return [] }
    let on = summer.begins.wallSeconds(year: year) - Int64(standard)
    let off = summer.ends.wallSeconds(year: year) - Int64(summer.offset)
    return [(on, summer.offset), (off, standard)].sorted { $0.at < $1.at }
  }
}

/// Reads such a rule from left to right.
private struct RuleReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { place == bytes.count }

  func isAt(_ character: Unicode.Scalar) -> Bool {
    place < bytes.count && bytes[place] == UInt8(ascii: character)
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    place += 1
    return true
  }

  /// Three letters or more, or anything between `<` and `>`.
  mutating func skipName() -> Bool {
    if take("<") {
      while place < bytes.count, !isAt(">") { place += 1 }
      return take(">")
    }
    let start = place
    while place < bytes.count, (65...90).contains(bytes[place] & 0xDF) { place += 1 }
    return place - start >= 3
  }

  private mutating func number() -> Int? {
    let start = place
    while place < bytes.count, (48...57).contains(bytes[place]), place - start < 4 { place += 1 }
    return Int(String(decoding: bytes[start..<place], as: UTF8.self))
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func time() -> Int? {
    let sign = take("-") ? -1 : 1
    if sign == 1 { _ = take("+") }
    guard let hours = number() else { return nil }
    var seconds = hours * 3600
    if take(":") {
      guard let minutes = number() else { return nil }
      seconds += minutes * 60
      if take(":") {
        guard let rest = number() else { return nil }
        seconds += rest
      }
    }
    return sign * seconds
  }

  /// Seconds east; the text counts west.
  mutating func offset() -> Int? { time().map { -$0 } }

  mutating func change() -> TimeZoneRule.Change? {
    guard let day = day() else { return nil }
    guard take("/") else { return TimeZoneRule.Change(day: day, time: 7200) }
    return time().map { TimeZoneRule.Change(day: day, time: $0) }
  }

  private mutating func day() -> TimeZoneRule.Change.Day? {
    if take("J") { return number().map { .julian($0) } }
    guard take("M") else { return number().map { .ofYear($0) } }
    guard let month = number(), (1...12).contains(month), take("."), let week = number(),
      (1...5).contains(week), take("."), let day = number(), (0...6).contains(day)
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }
}
