/// A JSON value that writes itself the same way every time: members in the order given, no blanks,
/// and safe inside a `<script>` element.
enum JSONText: Sendable {
  case null
  case flag(Bool)
  case count(Int)
  /// Written with at most this many decimals; not finite is `null`.
  case number(Double, decimals: Int)
  case text(String)
  /// Text that is already escaped for JSON, such as base64.
  case plain(String)
  case list([JSONText])
  case object([(String, JSONText)])

  /// The value as one line of JSON. Absolute paths in texts are cut down to their last component.
  var rendered: String {
    var result = ""
    write(to: &result)
    return result
  }

  private func write(to result: inout String) {
    switch self {
    case .null: result += "null"
    case .flag(let value): result += value ? "true" : "false"
    case .count(let value): result += String(value)
    case .number(let value, let decimals):
      result += value.isFinite ? Numeral.machine(value, decimals) : "null"
    case .text(let value): JSONText.quote(value, to: &result)
    case .plain(let value): result += "\"\(value)\""
    case .list(let values):
      result += "["
      for (place, value) in values.enumerated() {
        if place > 0 { result += "," }
        value.write(to: &result)
      }
      result += "]"
    case .object(let members):
      result += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { result += "," }
        JSONText.quote(member.0, to: &result)
        result += ":"
        member.1.write(to: &result)
      }
      result += "}"
    }
  }

  private static func quote(_ value: String, to result: inout String) {
    result += "\""
    for scalar in Redaction.withoutAbsolutePaths(value).unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if needsEscape(scalar) {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    result += "\""
  }

  /// Control characters by the JSON grammar; `<`, `>`, `&` and the two line separators so that the
  /// text can stand inside a script element (WHATWG HTML, restrictions on script contents); and the
  /// characters that reorder text.
  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: scalar == "<" || scalar == ">" || scalar == "&"
    }
  }
}
