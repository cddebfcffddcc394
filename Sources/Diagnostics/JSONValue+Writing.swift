extension JSONValue {
  /// The value on one line without spaces, keys sorted by Unicode scalars: equal values give equal
  /// bytes. Doubles are written with the fewest digits that read back the same.
  public var compact: String {
    var writer = JSONWriter(isPretty: false)
    writer.write(self)
    return writer.text
  }

  /// The value with two spaces of indentation per level, keys sorted; no newline at the end.
  public var pretty: String {
    var writer = JSONWriter(isPretty: true)
    writer.write(self)
    return writer.text
  }
}

/// Writes one value.
private struct JSONWriter {
  let isPretty: Bool
  var text = ""
  var level = 0

  init(isPretty: Bool) { self.isPretty = isPretty }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): write(string: value)
    case .array(let elements):
      list("[", elements, "]") { writer, element in writer.write(element) }
    case .object(let members):
      let sorted = members.sorted {
        $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars)
      }
      list("{", sorted, "}") { writer, member in
        writer.write(string: member.key)
        writer.text += writer.isPretty ? ": " : ":"
        writer.write(member.value)
      }
    }
  }

  private mutating func list<Element>(
    _ opening: String, _ elements: [Element], _ closing: String,
    _ writeOne: (inout Self, Element) -> Void
  ) {
    text += opening
    level += 1
    for (place, element) in elements.enumerated() {
      if place > 0 { text += "," }
      breakLine()
      writeOne(&self, element)
    }
    level -= 1
    if !elements.isEmpty { breakLine() }
    text += closing
  }

  private mutating func breakLine() {
    if isPretty { text += "\n" + String(repeating: "  ", count: level) }
  }

  /// RFC 8259, section 7: quotes, backslashes and control characters are escaped. So are the two
  /// line separators that older JavaScript refuses, and `<`, so that a document can stand inside
  /// a web page's script element.
  private mutating func write(string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{00}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}", "<":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
