/// When something is due, in five fields: minute, hour, day of the month, month, day of the week.
///
/// Fields take numbers, lists, ranges, steps and names (`mon-fri`, `jan`); `@hourly`, `@daily`,
/// `@weekly`, `@monthly` and `@yearly` stand for whole expressions. Where both days are restricted,
/// one of them suffices, as in Vixie's cron.
///
/// Clocks are set forward and back. An expression with plain numbers for minute and hour means a
/// time of the day: skipped by the clock, it is due once, at the first moment after the gap; shown
/// twice, it is due once, the first time. An expression whose minute or hour begins with a star
/// follows the time that passes: it is due whenever the wall shows a fitting time, twice or never
/// where the clock is so.
public struct CronExpression: Equatable, Sendable {
  /// As written.
  public let text: String
  let minute: CronField
  let hour: CronField
  let day: CronField
  let month: CronField
  let weekday: CronField

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
  ]

  /// - Throws: `invalid`, saying which field is wrong, or that it is never due.
  public init(_ text: String) throws(ServiceError) {
    let trimmed = text.split(separator: " ", omittingEmptySubsequences: true)
    let written = trimmed.joined(separator: " ")
    let fields = (Self.names[written.lowercased()] ?? written).split { $0 == " " || $0 == "\t" }
    guard fields.count == 5, text.utf8.count <= 256 else {
      throw ServiceError(
        .invalid,
        "'\(text.prefix(60))' is no cron expression: it has \(fields.count) fields, not 5",
        hint: "minute hour day month weekday, as in \"30 2 * * *\", or a name such as @daily")
    }
    self.text = written
    minute = try CronField(fields[0], .minute)
    hour = try CronField(fields[1], .hour)
    day = try CronField(fields[2], .day)
    month = try CronField(fields[3], .month)
    weekday = try CronField(fields[4], .weekday)
    guard canHappen else {
      throw ServiceError(.invalid, "'\(written)' is never due: no such month has such a day")
    }
  }

  private var canHappen: Bool {
    if !weekday.isStar { return true }
    let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return month.numbers.contains { number in day.numbers.contains { $0 <= longest[number - 1] } }
  }

  /// True where it names times of the day, false where it follows the time that passes.
  var isTimeOfDay: Bool { !minute.isStar && !hour.isStar }

  /// The first moment after `moment` at which it is due; nil where there is none in 40 years.
  public func next(after moment: Moment, in zone: TimeZoneFile) -> Moment? {
    let after = moment.seconds
    // A moment later on the same or the next date of the wall can come earlier only where clocks are
    // set back over midnight; so each date is looked at together with the one after it.
    let first = zone.local(after).dayNumber - 1
    for date in first..<(first + 40 * 366) where isDue(onDay: date) {
      let found = (moments(onDay: date, zone) + momentsIfDue(onDay: date + 1, zone))
        .filter { $0 > after }.min()
      if let found { return Moment(seconds: found) }
    }
    return nil
  }

  /// The moments in `(after, through]` at which it is due, ascending, at most `limit`; and whether
  /// these are all.
  func times(
    after: Moment, through end: Moment, in zone: TimeZoneFile, limit: Int = 2000
  ) -> (moments: [Moment], isAll: Bool) {
    var found: [Moment] = []
    var place = after
    while let next = next(after: place, in: zone), next <= end {
      found.append(next)
      place = next
      if found.count == limit { return (found, false) }
    }
    return (found, true)
  }

  private func momentsIfDue(onDay number: Int, _ zone: TimeZoneFile) -> [Int64] {
    isDue(onDay: number) ? moments(onDay: number, zone) : []
  }

  private func isDue(onDay number: Int) -> Bool {
    let date = LocalTime(dayNumber: number)
    guard month.contains(date.month) else { return false }
    let fitsDay = day.contains(date.day)
    let fitsWeekday = weekday.contains(date.weekday)
    return day.isStar || weekday.isStar ? fitsDay && fitsWeekday : fitsDay || fitsWeekday
  }

  /// When it is due on a date of the wall, in seconds since 1970.
  private func moments(onDay number: Int, _ zone: TimeZoneFile) -> [Int64] {
    var local = LocalTime(dayNumber: number)
    // Most days are as long as others, and need no search for every minute.
    let start = local.seconds
    let offset = zone.offset(at: start - 26 * 3600)
    let isPlain = zone.isSteady(from: start - 26 * 3600, to: start + 50 * 3600)
    var found: [Int64] = []
    for hour in hour.numbers {
      for minute in minute.numbers {
        (local.hour, local.minute) = (hour, minute)
        if isPlain {
          found.append(local.seconds - Int64(offset))
        } else if !isTimeOfDay {
          found += zone.moments(of: local)
        } else if let moment = zone.moments(of: local).first ?? zone.momentAfterGap(of: local) {
          found.append(moment)
        }
      }
    }
    return found
  }
}
