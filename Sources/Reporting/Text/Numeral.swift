/// Numbers as people read them. The same number gives the same text on every machine.
enum Numeral {
  /// What stands in a cell without a number.
  static let missing = "–"

  /// `value` with `decimals` digits after the point; `–` where it is not finite.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return missing }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int64((abs(value) * scale).rounded(.toNearestOrEven))
    let digits = String(scaled)
    let sign = value < 0 && scaled != 0 ? "−" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// Thousands separated by commas: `12,345`.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "−" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  /// `1 image`, `2,000 images`.
  static func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(grouped(count)) \(count == 1 ? singular : plural)"
  }

  /// A rate as mantissa and power of ten, `1e-4`; `0` and rates from 0.01 up as plain decimals.
  static func rate(_ value: Double) -> String {
    guard value.isFinite else { return missing }
    if value == 0 { return "0" }
    if abs(value) >= 0.01 { return trimmed(fixed(value, 3)) }
    var mantissa = value
    var exponent = 0
    while abs(mantissa) < 1 {
      mantissa *= 10
      exponent -= 1
    }
    if abs(mantissa) >= 9.95 {
      mantissa /= 10
      exponent += 1
    }
    return "\(trimmed(fixed(mantissa, 1)))e-\(-exponent)"
  }

  /// A share in 0...1 as per cent.
  static func percent(_ share: Double, decimals: Int = 0) -> String {
    share.isFinite ? fixed(100 * share, decimals) + " %" : missing
  }

  /// A drawing coordinate: at most one decimal, plain ASCII.
  static func coordinate(_ value: Double) -> String { machine(value, 1) }

  /// `value` for programs: plain ASCII, at most `decimals` decimals, no trailing zeros; `0` where it
  /// is not finite.
  static func machine(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "0" }
    let text = trimmed(fixed(value, decimals))
    return text.hasPrefix("−") ? "-" + text.dropFirst() : text == missing ? "0" : text
  }

  /// `text` without zeros that end its decimals.
  static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var short = text[...]
    while short.hasSuffix("0") { short = short.dropLast() }
    return String(short.hasSuffix(".") ? short.dropLast() : short)
  }
}
