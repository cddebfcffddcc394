/// A piece of HTML or SVG that is safe by construction: literals are markup, every interpolated
/// `String` is escaped text, and only another `Markup` goes in as it is.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  init(stringLiteral value: String) { text = value }
  init(stringInterpolation pieces: Pieces) { text = pieces.text }

  /// Text that is known to be markup: embedded resources and encoded data.
  init(verbatim text: String) { self.text = text }

  static let empty: Markup = ""

  static func + (a: Markup, b: Markup) -> Markup { Markup(verbatim: a.text + b.text) }
  static func += (a: inout Markup, b: Markup) { a.text += b.text }

  /// The pieces one after another, a newline between them.
  static func joined(_ pieces: some Sequence<Markup>, by separator: String = "\n") -> Markup {
    Markup(verbatim: pieces.map(\.text).joined(separator: separator))
  }

  struct Pieces: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }
    mutating func appendInterpolation(_ value: Int) { text += String(value) }
    mutating func appendInterpolation(_ value: Markup) { text += value.text }
    /// A drawing coordinate.
    mutating func appendInterpolation(at value: Double) { text += Numeral.coordinate(value) }
    /// A name from outside, kept from changing the direction of the text around it.
    mutating func appendInterpolation(name value: String) {
      text += "<bdi>\(Markup.escaped(value))</bdi>"
    }
  }

  /// `value` as text of an element or of a quoted attribute, without absolute paths.
  /// Characters that XML forbids, and those that silently reorder text, become U+FFFD.
  static func escaped(_ value: String) -> String {
    var result = ""
    result.reserveCapacity(value.utf8.count)
    for scalar in Redaction.withoutAbsolutePaths(value).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result += " "
      default: result.unicodeScalars.append(isShown(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    case 0x202A...0x202E, 0x2066...0x2069: false
    case 0xFFFE, 0xFFFF: false
    default: true
    }
  }
}
