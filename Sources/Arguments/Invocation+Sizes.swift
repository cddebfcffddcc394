extension Invocation {
  /// A size in bytes given to `name`, such as `2GiB`, `512MiB` or `1000000`, or nil where it was left
  /// out. KiB, MiB, GiB and TiB are powers of 1024; K, M, G and T mean the same.
  /// Throws a usage error for anything else than a size of at least one byte.
  public func byteCount(_ name: String) throws(ArgumentError) -> Int? {
    guard let text = string(name) else { return nil }
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
    let powers = ["": 0, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4]
    let short = unit.hasSuffix("IB") ? String(unit.dropLast(2)) : unit
    if let number = Double(digits), let power = powers[short], unit != "IB" {
      let bytes = (0..<power).reduce(number) { size, _ in size * 1024 }
      if bytes >= 1, bytes < 0x1p60 { return Int(bytes) }
    }
    throw usageError("\(name) takes a size such as 2GiB or 512MiB, but was given \"\(text)\"")
  }
}
