extension CronExpression {
  /// The expression in words, such as `at 02:30 on Monday to Friday`.
  public var description: String {
    ([timeText] + [dayText].compactMap { $0 } + [monthText].compactMap { $0 }).joined(
      separator: " ")
  }

  private var timeText: String {
    let minutes = minute.numbers
    let hours = hour.numbers
    if hour.text == "*" {
      if minute.text == "*" { return "every minute" }
      if let step = step(of: minute, 0...59) { return "every \(step) minutes" }
      if minutes == [0] { return "every hour" }
      return "\(listed(minutes.map { "\($0)" })) minutes past every hour"
    }
    let every = step(of: hour, 0...23).map { "every \($0) hours" }
    if minute.text == "*" { return "every minute \(hourText(hours, every))" }
    if let step = step(of: minute, 0...59) {
      return "every \(step) minutes \(hourText(hours, every))"
    }
    if let every, minutes == [0] { return every }
    guard minutes.count * hours.count <= 6 else {
      return "\(listed(minutes.map { "\($0)" })) minutes past the hour \(hourText(hours, every))"
    }
    let times = hours.flatMap { hour in
      minutes.map { "\(LocalTime.padded(hour, 2)):\(LocalTime.padded($0, 2))" }
    }
    return "at \(listed(times))" + (dayText == nil && monthText == nil ? " every day" : "")
  }

  private func hourText(_ hours: [Int], _ every: String?) -> String {
    if let every { return "in one hour \(every)" }
    let isRun = hours.count > 1 && hours.last == hours[0] + hours.count - 1
    if isRun, let last = hours.last {
      return "from \(LocalTime.padded(hours[0], 2)):00 to \(LocalTime.padded(last, 2)):59"
    }
    return "in the hours of \(listed(hours.map { "\($0)" }))"
  }

  private var dayText: String? {
    let days = day.text == "*" ? nil : "on day \(spans(day.numbers) { "\($0)" }) of the month"
    let weekdays = weekday.text == "*" ? nil : "on \(spans(weekday.numbers, weekdayName))"
    guard let days, let weekdays else { return days ?? weekdays }
    return day.isStar || weekday.isStar ? "\(days), and only \(weekdays)" : "\(days) or \(weekdays)"
  }

  private var monthText: String? {
    month.text == "*" ? nil : "in \(spans(month.numbers, monthName))"
  }

  private func weekdayName(_ number: Int) -> String {
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][number]
  }

  private func monthName(_ number: Int) -> String {
    [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ][number - 1]
  }

  /// The step of `*/n` where it divides the range, so that the pauses are all the same.
  private func step(of field: CronField, _ range: ClosedRange<Int>) -> Int? {
    guard field.text.hasPrefix("*/"), let step = Int(field.text.dropFirst(2)), step > 1,
      range.count.isMultiple(of: step), step < range.count
    else { return nil }
    return step
  }

  /// `1 to 3 and 5`
  private func spans(_ numbers: [Int], _ name: (Int) -> String) -> String {
    var parts: [String] = []
    var place = 0
    while place < numbers.count {
      var end = place
      while end + 1 < numbers.count, numbers[end + 1] == numbers[end] + 1 { end += 1 }
      if end - place >= 2 {
        parts.append("\(name(numbers[place])) to \(name(numbers[end]))")
      } else {
        parts += numbers[place...end].map(name)
      }
      place = end + 1
    }
    return listed(parts)
  }

  private func listed(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
