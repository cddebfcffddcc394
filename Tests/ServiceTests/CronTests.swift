import Foundation
import Service
import Testing

/// When expressions are due, against hand-made truths and Python's zoneinfo.
@Suite struct CronTests {
  private func times(
    _ text: String, _ zone: String, after: String, count: Int
  ) throws -> [String] {
    let expression = try CronExpression(text)
    let zone = try TimeZoneFile(zone)
    var place = instant(after)
    var found: [String] = []
    for _ in 0..<count {
      guard let next = expression.next(after: place, in: zone) else { break }
      found.append(next.plain)
      place = next
    }
    return found
  }

  @Test(arguments: [
    ("* * * * *", "2026-01-01T00:00:30Z", ["2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"]),
    ("*/15 * * * *", "2026-01-01T00:50:00Z", ["2026-01-01T01:00:00Z", "2026-01-01T01:15:00Z"]),
    ("30 2 * * *", "2026-01-01T02:30:00Z", ["2026-01-02T02:30:00Z", "2026-01-03T02:30:00Z"]),
    ("0 12 * * mon-fri", "2026-01-02T12:00:00Z", ["2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"]),
    ("0 0 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
    ("0 0 13 * fri", "2026-01-10T00:00:00Z", ["2026-01-13T00:00:00Z", "2026-01-16T00:00:00Z"]),
    ("0 0 */10 * fri", "2026-01-01T00:00:00Z", ["2026-05-01T00:00:00Z", "2026-07-31T00:00:00Z"]),
    (
      "0 6 1,15 JAN,jul *", "2026-01-15T06:00:00Z",
      ["2026-07-01T06:00:00Z", "2026-07-15T06:00:00Z"]
    ),
    ("0 0 * * 7", "2026-01-01T00:00:00Z", ["2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z"]),
    ("0 0 * * fri-sun", "2026-01-02T00:00:00Z", ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"]),
    ("5/20 3 * * *", "2026-01-01T03:05:00Z", ["2026-01-01T03:25:00Z", "2026-01-01T03:45:00Z"]),
    ("@yearly", "2026-01-01T00:00:00Z", ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"]),
    ("@Weekly", "2026-01-01T00:00:00Z", ["2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z"]),
    ("59 23 31 12 *", "1999-12-31T23:59:00Z", ["2000-12-31T23:59:00Z", "2001-12-31T23:59:00Z"]),
  ])
  func `times in UTC`(text: String, after: String, expected: [String]) throws {
    #expect(try times(text, "UTC", after: after, count: 2) == expected)
  }

  @Test func `a time that the clock skips is due once, right after the gap`() throws {
    #expect(
      try times("30 2 * * *", "Europe/Berlin", after: "2026-03-28T00:00:00Z", count: 3)
        == ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"])
    // Two skipped times of one expression are due once together.
    #expect(
      try times("10,40 2 * * *", "Europe/Berlin", after: "2026-03-28T12:00:00Z", count: 2)
        == ["2026-03-29T01:00:00Z", "2026-03-30T00:10:00Z"])
    // Clocks that go forward at midnight.
    #expect(
      try times("30 0 * * *", "America/Santiago", after: "2026-09-05T12:00:00Z", count: 2)
        == ["2026-09-06T04:00:00Z", "2026-09-07T03:30:00Z"])
    // A whole day left out.
    #expect(
      try times("0 9 30 12 *", "Pacific/Apia", after: "2011-12-01T00:00:00Z", count: 2)
        == ["2011-12-30T10:00:00Z", "2012-12-29T19:00:00Z"])
  }

  @Test func `a time that the clock shows twice is due once, the first time`() throws {
    #expect(
      try times("30 2 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z", count: 2)
        == ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])
    #expect(
      try times("30 1 * * *", "America/New_York", after: "2026-10-31T12:00:00Z", count: 2)
        == ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"])
  }

  @Test func `a star follows the time that passes`() throws {
    // Clocks are set back at 01:00 UTC: nothing is left out and nothing comes twice.
    #expect(
      try times("*/30 * * * *", "Europe/Berlin", after: "2026-10-25T00:00:00Z", count: 4)
        == [
          "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
          "2026-10-25T02:00:00Z",
        ])
    #expect(
      try times("30 * * * *", "Europe/Berlin", after: "2026-10-25T00:00:00Z", count: 3)
        == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"])
    // Set forward: the hour that is not shown is not made up for.
    #expect(
      try times("*/30 2 * * *", "Europe/Berlin", after: "2026-03-28T12:00:00Z", count: 2)
        == ["2026-03-30T00:00:00Z", "2026-03-30T00:30:00Z"])
    // By half an hour.
    #expect(
      try times("0 * * * *", "Australia/Lord_Howe", after: "2026-04-04T13:30:00Z", count: 3)
        == ["2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"])
  }

  @Test(arguments: [
    ("", "0 fields"), ("* * * *", "4 fields"), ("60 * * * *", "minute"), ("* 24 * * *", "hour"),
    ("* * 0 * *", "day of the month"), ("* * * 13 *", "month"), ("* * * * 8", "day of the week"),
    ("*/0 * * * *", "minute"), ("5-1 * * * *", "minute"), ("1,,2 * * * *", "minute"),
    ("a * * * *", "minute"), ("* * * foo *", "month"), ("-1 * * * *", "minute"),
    ("1--2 * * * *", "minute"), ("*/5/2 * * * *", "minute"), ("+1 * * * *", "minute"),
    ("* * 30 2 *", "never due"), ("0 0 31 4,6,9,11 *", "never due"), ("@reboot", "1 fields"),
    ("99999999999999999999 * * * *", "minute"), ("* * * * * *", "6 fields"),
  ])
  func `wrong expressions are refused, with the field that is wrong`(
    text: String, reason: String
  ) {
    let error = #expect(throws: ServiceError.self) { try CronExpression(text) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("* * * * *", "every minute"), ("*/5 * * * *", "every 5 minutes"), ("@hourly", "every hour"),
    ("30 2 * * *", "at 02:30 every day"), ("0 0,12 * * *", "at 00:00 and 12:00 every day"),
    ("30 2 * * mon-fri", "at 02:30 on Monday to Friday"),
    ("0 6 1 * *", "at 06:00 on day 1 of the month"),
    ("0 6 1,15 * mon", "at 06:00 on day 1 and 15 of the month or on Monday"),
    ("0 6 * 1-3,12 *", "at 06:00 in January to March and December"),
    ("*/10 8-18 * * *", "every 10 minutes from 08:00 to 18:59"),
    ("15,45 * * * *", "15 and 45 minutes past every hour"), ("0 */6 * * *", "every 6 hours"),
    ("*/7 * * * *", "0, 7, 14, 21, 28, 35, 42, 49 and 56 minutes past every hour"),
  ])
  func `expressions in words`(text: String, words: String) throws {
    #expect(try CronExpression(text).description == words)
  }
}

/// Offsets of whole zones against Python's zoneinfo, which reads the same files in another way.
@Suite struct TimeZoneTests {
  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin", "America/St_Johns",
    "Asia/Tehran", "Antarctica/Troll", "America/Sao_Paulo", "Pacific/Chatham", "Asia/Gaza",
  ]

  @Test func `offsets are those of Python's zoneinfo from 1900 to 2150`() throws {
    let script = """
      import sys, zoneinfo, datetime
      for name in sys.argv[1:]:
          zone = zoneinfo.ZoneInfo(name)
          for second in range(-2208988800, 5680281600, 7919 * 613):
              at = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=second)
              print(name, second, int(at.astimezone(zone).utcoffset().total_seconds()))
      """
    let lines = try python(script, Self.zones)
    #expect(lines.count > 20_000)
    var zones: [String: TimeZoneFile] = [:]
    for name in Self.zones { zones[name] = try TimeZoneFile(name) }
    var wrong: [String] = []
    for line in lines {
      let words = line.split(separator: " ")
      let zone = try #require(zones[String(words[0])])
      let second = try #require(Int64(words[1]))
      if zone.offset(at: second) != Int(words[2]) { wrong.append(line) }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
  }

  @Test func `walls are those of Python's zoneinfo around every change of 2024 to 2042`() throws {
    // Python's answer for both folds of each quarter of an hour near a change.
    let script = """
      import sys, zoneinfo, datetime
      utc = datetime.timezone.utc
      for name in sys.argv[1:]:
          zone = zoneinfo.ZoneInfo(name)
          hour = datetime.datetime(2024, 1, 1, tzinfo=utc)
          last = hour.astimezone(zone).utcoffset()
          while hour.year < 2042:
              hour += datetime.timedelta(hours=1)
              offset = hour.astimezone(zone).utcoffset()
              if offset != last:
                  wall = hour.astimezone(zone).replace(tzinfo=None, minute=0) - datetime.timedelta(hours=4)
                  for step in range(0, 32):
                      local = wall + datetime.timedelta(minutes=15 * step)
                      found = set()
                      for fold in (0, 1):
                          at = local.replace(tzinfo=zone, fold=fold).astimezone(utc)
                          if at.astimezone(zone).replace(tzinfo=None, fold=0) == local:
                              found.add(int(at.timestamp()))
                      print(name, int((local - datetime.datetime(1970, 1, 1)).total_seconds()), *sorted(found))
              last = offset
      """
    let lines = try python(script, Self.zones)
    #expect(lines.count > 5000)
    var wrong: [String] = []
    for line in lines {
      let words = line.split(separator: " ")
      let zone = try TimeZoneFile(String(words[0]))
      let wall = LocalTime(seconds: try #require(Int64(words[1])))
      let expected = words.dropFirst(2).compactMap { Int64($0) }
      if zone.moments(of: wall) != expected { wrong.append(line) }
      if (zone.momentAfterGap(of: wall) != nil) != expected.isEmpty { wrong.append("gap " + line) }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
  }

  @Test(arguments: [
    "../../etc/passwd", "/etc/localtime", "Europe/Nowhere", "", "Europe/", "zone.tab", "a b",
    "Europe", "posixrules\u{0}",
  ])
  func `what is no zone is refused`(name: String) {
    let error = #expect(throws: ServiceError.self) { try TimeZoneFile(name) }
    #expect(error?.code == .invalid)
  }

  @Test func `days and their numbers go both ways, over four centuries`() {
    var expected = LocalTime(year: 1900, month: 1, day: 1)
    for number in LocalTime(year: 1900, month: 1, day: 1).dayNumber..<120_000 {
      let date = LocalTime(dayNumber: number)
      #expect(date.dayNumber == number)
      #expect(date == expected)
      expected.day += 1
      if LocalTime(year: date.year, month: date.month, day: date.day + 1).dayNumber
        == LocalTime(year: date.year + date.month / 12, month: date.month % 12 + 1, day: 1)
        .dayNumber
      {
        expected = LocalTime(year: date.year + date.month / 12, month: date.month % 12 + 1, day: 1)
      }
    }
    #expect(LocalTime(year: 1970, month: 1, day: 1).weekday == 4)
    #expect(LocalTime(seconds: -1).text == "1969-12-31T23:59")
  }

  private func python(_ script: String, _ arguments: [String]) throws -> [String] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
