import Files

/// Reads a JSON file from front to back, a piece at a time, keeping only what is asked for.
///
/// It accepts RFC 8259 texts. Of values that are passed over only strings and nesting are looked at.
struct JSONStream {
  private let file: MappedFile
  private var piece: [UInt8] = []
  /// Where the next byte stands in the piece, and the piece in the file.
  private var place = 0
  private var pieceStart = 0

  private static let pieceSize = 1 << 18

  init(_ file: MappedFile) { self.file = file }

  /// Reads an object, calling `member` with each key; `member` must read or pass over the value.
  mutating func object(
    _ member: (String, inout JSONStream) throws(InterchangeError) -> Void
  ) throws(InterchangeError) {
    try expect("{")
    if try take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(key, &self)
    } while try take(",")
    try expect("}")
  }

  /// Reads a string.
  mutating func string() throws(InterchangeError) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while true {
      let byte = try pop()
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw fault("a string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20: throw fault("a string holds a control character")
      default: bytes.append(byte)
      }
    }
  }

  /// Passes over one value of any kind.
  mutating func skipValue() throws(InterchangeError) {
    skipSpace()
    guard let first = peek() else { throw fault("it ends early") }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): try skipNested()
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"):
      throw fault("a value is missing")
    default: while let byte = peek(), Self.isWord(byte) { place += 1 }
    }
  }

  /// Checks that nothing follows.
  mutating func end() throws(InterchangeError) {
    skipSpace()
    if peek() != nil { throw fault("something follows the end") }
  }

  func fault(_ reason: String) -> InterchangeError {
    InterchangeError(
      code: .badJSON,
      message: "\(file.path) is not the JSON it should be: \(reason) at byte "
        + "\(pieceStart + place)",
      hint: "fetch the file again")
  }

  // MARK: bytes

  private mutating func peek() -> UInt8? {
    if place == piece.count {
      pieceStart += place
      place = 0
      piece = file.bytes(pieceStart..<min(pieceStart + Self.pieceSize, file.byteCount))
      if piece.isEmpty { return nil }
    }
    return piece[place]
  }

  private mutating func pop() throws(InterchangeError) -> UInt8 {
    guard let byte = peek() else { throw fault("it ends early") }
    place += 1
    return byte
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  private mutating func take(_ wanted: Unicode.Scalar) throws(InterchangeError) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: wanted) else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ wanted: Unicode.Scalar) throws(InterchangeError) {
    if try !take(wanted) {
      throw fault(peek() == nil ? "it ends early" : "\"\(wanted)\" is missing")
    }
  }

  /// Passes over a string, array or object, whose first byte comes next.
  private mutating func skipNested() throws(InterchangeError) {
    var skim = Skim()
    repeat {
      guard peek() != nil else { throw fault("it ends early") }
      place = skim.pass(over: piece.span, from: place)
    } while !skim.isDone
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default:
      byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "E")
    }
  }

  // MARK: escapes

  private mutating func escape(into bytes: inout [UInt8]) throws(InterchangeError) {
    let byte = try pop()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"): bytes += Array(String(try scalar()).utf8)
    default: throw fault("a string holds an unknown escape")
    }
  }

  /// The character of a \u escape, two of them for those beyond 16 bits (RFC 8259, section 7).
  private mutating func scalar() throws(InterchangeError) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), try pop() == UInt8(ascii: "\\"),
      try pop() == UInt8(ascii: "u")
    else { throw fault("half of a surrogate pair stands alone") }
    let second = try fourDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
    else { throw fault("half of a surrogate pair stands alone") }
    return scalar
  }

  private mutating func fourDigits() throws(InterchangeError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try pop())).hexDigitValue else {
        throw fault("a \\u escape is not four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// Finds the end of a string, array or object by its quotes and brackets alone.
private struct Skim {
  private(set) var isDone = false
  private var open = 0
  private var inString = false
  private var escaped = false

  /// Returns where it stopped: after the value's last byte, or at the end of the bytes.
  mutating func pass(over bytes: Span<UInt8>, from start: Int) -> Int {
    for place in start..<bytes.count {
      let byte = bytes[place]
      if escaped {
        escaped = false
      } else if inString {
        if byte == UInt8(ascii: "\\") { escaped = true }
        if byte == UInt8(ascii: "\"") { inString = false }
      } else if byte == UInt8(ascii: "\"") {
        inString = true
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        open += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        open -= 1
      }
      if open == 0 && !inString {
        isDone = true
        return place + 1
      }
    }
    return bytes.count
  }
}
