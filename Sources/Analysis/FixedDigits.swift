extension Double {
  /// The value with three digits after the point, rounded half away from zero; "nan" and "inf" as
  /// they are, and values of 10¹² and more in full.
  var threeDigits: String {
    guard isFinite && magnitude < 1e12 else { return "\(self)" }
    let thousandths = Int((magnitude * 1000).rounded())
    let digits = String(thousandths % 1000 + 1000).dropFirst()
    return (self < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000).\(digits)"
  }

  /// A share as a percentage with one digit after the point.
  var percent: String {
    guard isFinite && magnitude < 1e12 else { return "\(self)" }
    let tenths = Int((magnitude * 1000).rounded())
    return (self < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10) %"
  }
}
