/// Numbers as people read them; the same text whatever the locale.
public enum HumanNumbers {
  /// A whole number with commas between thousands: 1,234,567.
  public static func count(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A size in powers of 1024 with one decimal: 512 B, 3.2 GiB.
  public static func bytes(_ number: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var size = Double(number)
    var unit = 0
    while size.magnitude >= 1023.95, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return unit == 0 ? "\(number) B" : "\(decimal(size, 1)) \(units[unit])"
  }

  /// A span of time in its two leading units: 350 ms, 3.2 s, 12 s, 2 min 5 s, 3 h 12 min, 2 d 3 h.
  /// A negative span counts as none.
  public static func duration(_ span: Duration) -> String {
    let seconds = max(0, span / .seconds(1))
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return "\(decimal(seconds, 1)) s" }
    let whole = Int(min(seconds.rounded(), 1e15))
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
    case ..<86400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
    default: return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
    }
  }

  /// Units per second in three digits: 56.2/s, 1,234/s; below one, units per minute: 6.0/min.
  public static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond >= 0 else { return "-/s" }
    if perSecond < 0.9995 { return "\(decimal(perSecond * 60, 1))/min" }
    if perSecond < 9.995 { return "\(decimal(perSecond, 2))/s" }
    if perSecond < 99.95 { return "\(decimal(perSecond, 1))/s" }
    return "\(count(Int(min(perSecond.rounded(), 1e15))))/s"
  }

  /// A small share in two digits, the way false-match rates are written: `1e-4`, `8.1e-6`; `0` for
  /// nothing, and plain decimals from 0.01 upwards.
  public static func smallShare(_ share: Double) -> String {
    guard share.isFinite, share > 0 else { return share == 0 ? "0" : "-" }
    guard share < 0.01 else { return decimal(share, 2) }
    var exponent = 0
    var mantissa = share
    while mantissa < 1 {
      mantissa *= 10
      exponent += 1
    }
    mantissa = (mantissa * 10).rounded() / 10
    if mantissa >= 10 {
      mantissa /= 10
      exponent -= 1
    }
    let text = mantissa == mantissa.rounded() ? "\(Int(mantissa))" : decimal(mantissa, 1)
    return "\(text)e-\(exponent)"
  }

  /// A share as a percentage with one decimal: 12.5 %.
  public static func percent(_ share: Double) -> String { decimal(100 * share, 1) + " %" }

  /// A number with exactly `places` decimals, rounded half away from zero; `nan` and `inf` as such.
  /// - Precondition: `places` is in 0...15.
  public static func decimal(_ number: Double, _ places: Int) -> String {
    precondition((0...15).contains(places))
    guard number.isFinite else { return "\(number)" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    let whole = Int(scaled)
    let unit = Int(scale)
    let sign = number < 0 && whole > 0 ? "-" : ""
    if places == 0 { return sign + count(whole) }
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return sign + count(whole / unit) + "." + zeros + fraction
  }

  private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String)
    -> String
  {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }
}
