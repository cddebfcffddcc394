internal import Diagnostics

/// The JSON form of tensors, for servers without the binary extension.
enum WireText {
  /// Floats are written as the double they are, so that every digit comes back.
  /// - Precondition: nothing that JSON has no word for, which `InferRequest` sees to.
  static func encode(_ values: WireValues) -> JSONValue {
    switch values {
    case .float32(let values): .array(values.map { .double(Double($0)) })
    case .float16(let values): .array(values.map { .double(Double($0)) })
    case .uint8(let values): .array(values.map { .int(Int($0)) })
    case .int64(let values): .array(values.map { .int(Int($0)) })
    case .bytes(let values): .array(values.map { .string(String(decoding: $0, as: UTF8.self)) })
    }
  }

  /// `count` values from a flat or nested list; nil where they are not of the type or not as many.
  /// `null` stands for a float that is not finite. Byte strings are not read from JSON, which cannot
  /// hold them unharmed.
  static func decode(_ type: WireType, _ data: JSONValue, count: Int) -> WireValues? {
    var flat: [JSONValue] = []
    flat.reserveCapacity(min(count, 1 << 20))
    guard flatten(data, into: &flat, limit: count), flat.count == count else { return nil }
    switch type {
    case .float32: return floats(flat).map { .float32($0) }
    case .float16: return floats(flat).map { .float16($0.map(Float16.init)) }
    case .uint8:
      let values = flat.compactMap { $0.intValue.flatMap { UInt8(exactly: $0) } }
      return values.count == count ? .uint8(values) : nil
    case .int64:
      let values = flat.compactMap { $0.intValue.map(Int64.init) }
      return values.count == count ? .int64(values) : nil
    default: return nil
    }
  }

  private static func floats(_ flat: [JSONValue]) -> [Float]? {
    var floats: [Float] = []
    floats.reserveCapacity(flat.count)
    for value in flat {
      if value.isNull {
        floats.append(.nan)
      } else if let number = value.doubleValue {
        floats.append(Float(number))
      } else {
        return nil
      }
    }
    return floats
  }

  private static func flatten(_ data: JSONValue, into flat: inout [JSONValue], limit: Int) -> Bool {
    guard case .array(let elements) = data else {
      flat.append(data)
      return flat.count <= limit
    }
    return elements.allSatisfy { flatten($0, into: &flat, limit: limit) }
  }

  /// The same text with `NaN`, `Infinity` and `-Infinity`, which some servers write though JSON has
  /// no such words, as `null`. Strings stay as they are.
  static func withoutBareWords(_ bytes: [UInt8]) -> [UInt8] {
    let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
    let suspects = Set(words.map { $0[0] })
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var isInString = false
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if isInString {
        if byte == UInt8(ascii: "\\"), place + 1 < bytes.count {
          out.append(byte)
          place += 1
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if suspects.contains(byte),
        let word = words.first(where: { bytes[place...].starts(with: $0) })
      {
        out.append(contentsOf: Array("null".utf8))
        place += word.count
        continue
      }
      out.append(bytes[place])
      place += 1
    }
    return out
  }
}
