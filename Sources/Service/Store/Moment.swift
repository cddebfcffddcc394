/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
public struct Moment: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whole seconds since 1970.
  public init(seconds: Int64) { milliseconds = seconds * 1000 }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 { milliseconds.flooredQuotient(1000) }

  public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

  /// So many seconds later.
  public static func + (moment: Self, seconds: Double) -> Self {
    Moment(milliseconds: moment.milliseconds + Int64((seconds * 1000).rounded()))
  }

  /// Seconds between two moments, negative where `b` is the later one.
  public static func - (a: Self, b: Self) -> Double {
    Double(a.milliseconds - b.milliseconds) / 1000
  }

  /// ISO 8601 in UTC with milliseconds, such as `2026-03-01T02:30:00.000Z`.
  public var text: String {
    let local = LocalTime(seconds: seconds)
    let fraction = milliseconds - seconds * 1000
    return
      "\(local.text):\(LocalTime.padded(local.second, 2)).\(LocalTime.padded(Int(fraction), 3))Z"
  }

  /// The same without the milliseconds.
  public var plain: String {
    let local = LocalTime(seconds: seconds)
    return "\(local.text):\(LocalTime.padded(local.second, 2))Z"
  }
}

extension Int64 {
  /// Division that rounds down.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
