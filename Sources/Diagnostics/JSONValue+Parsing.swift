extension JSONValue {
  /// Reads one value and nothing else, strictly by RFC 8259; a key that stands twice is refused.
  /// Whole numbers that fit become `int`, all others `double`; one too large for a double is
  /// refused. Throws with line and column; `depthLimit` bounds nesting, so no text can exhaust
  /// the stack.
  public init(parsing text: String, depthLimit: Int = 128) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }

  /// Reads one value from UTF-8 bytes, under the same rules.
  public init(parsing bytes: [UInt8], depthLimit: Int = 128) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
    self = try parser.document()
  }
}

/// A reader of one JSON document.
private struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var position = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func document() throws(JSONError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw fault("starts with a byte order mark, which JSON does not allow")
    }
    let value = try self.value(depth: 0)
    skipSpace()
    guard position == bytes.count else {
      throw fault("expected the end, but \(found) follows the value")
    }
    return value
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    guard depth <= depthLimit else {
      throw fault("nested deeper than \(depthLimit) levels", code: .tooDeep)
    }
    guard let first = next else { throw fault("expected a value, but found \(found)") }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw fault("expected a value, but found \(found)")
    }
  }

  // MARK: containers

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw fault("expected \",\" or \"]\", but found \(found)") }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take("}") { return .object([:]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else {
        throw fault("expected a key in quotes, but found \(found)")
      }
      let start = position
      let key = try string()
      skipSpace()
      guard take(":") else { throw fault("expected \":\" after \"\(key)\", but found \(found)") }
      let member = try value(depth: depth + 1)
      guard members.updateValue(member, forKey: key) == nil else {
        throw fault("the key \"\(key)\" stands twice", code: .duplicateKey, at: start)
      }
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw fault("expected \",\" or \"}\", but found \(found)") }
    }
  }

  // MARK: scalars

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.description.utf8) else {
      throw fault("expected \(word), but found something else")
    }
    position += word.utf8CodeUnitCount
    return value
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    var isWhole = true
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("-") { _ = take("+") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let int = Int(text), text != "-0" { return .int(int) }
    guard let double = Double(text), double.isFinite else {
      throw fault("the number \(text) is too large", at: start)
    }
    return .double(double)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw fault("expected a digit, but found \(found)") }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw fault("the string is not valid UTF-8", code: .invalidText, at: start)
        }
        return text
      case UInt8(ascii: "\\"): content.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        throw fault("a control character in a string must be escaped", at: position - 1)
      default: content.append(byte)
      }
    }
    throw fault("the string that starts here never ends", at: start)
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = position - 1
    defer { position += 1 }
    switch next {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(start)
    default: throw fault("unknown escape in a string", at: start)
    }
  }

  /// Leaves `position` on the last digit. A character beyond U+FFFF is two escapes, a high and a
  /// low surrogate; either alone is refused.
  private mutating func unicodeEscape(_ start: Int) throws(JSONError) -> Unicode.Scalar {
    let first = try fourDigits(start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, bytes.dropFirst(position + 1).starts(with: [0x5C, 0x75]) {
      position += 2
      let second = try fourDigits(start)
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw fault("half of a surrogate pair stands alone", code: .invalidText, at: start)
  }

  private mutating func fourDigits(_ start: Int) throws(JSONError) -> UInt32 {
    let digits = bytes.dropFirst(position + 1).prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits", at: start) }
    position += 4
    return value
  }

  // MARK: steps

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// What stands at the position, for messages.
  private var found: String {
    guard let byte = next else { return "the end of the text" }
    return (0x21..<0x7F).contains(byte)
      ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
  }

  private func fault(
    _ fault: String, code: JSONError.Code = .syntax, at place: Int? = nil
  ) -> JSONError {
    let before = bytes.prefix(place ?? position)
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONError(
      code: code, line: 1 + before.count { $0 == 0x0A }, column: before.count - lineStart + 1,
      fault: fault)
  }
}
