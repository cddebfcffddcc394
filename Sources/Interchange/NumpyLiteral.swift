/// The part of Python's literals that .npy headers are written in: one dictionary whose keys are
/// strings and whose values are strings, True, False, tuples of sizes, or lists, which are only
/// recognised.
struct NumpyLiteral {
  enum Value: Equatable {
    case text(String)
    case truth(Bool)
    case sizes([Int])
    /// Begins like a list; what follows is not read.
    case list
  }

  private let bytes: [UInt8]
  private var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the dictionary, and that only space follows it. After a list nothing more is read.
  mutating func dictionary() throws(NumpyFault) -> [String: Value] {
    var entries: [String: Value] = [:]
    try expect("{")
    while !take("}") {
      let key = try text()
      try expect(":")
      let value = try value()
      if entries.updateValue(value, forKey: key) != nil { throw broken("\(key) occurs twice") }
      if value == .list { return try assumingTheRest(of: entries) }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    if place != bytes.count { throw broken("something follows the dictionary") }
    return entries
  }

  /// A list stands for a record type, which is refused whatever the other keys say.
  private func assumingTheRest(of entries: [String: Value]) throws(NumpyFault) -> [String: Value] {
    guard entries["descr"] == .list else { throw broken("a list stands where none belongs") }
    return ["descr": .list, "fortran_order": .truth(false), "shape": .sizes([])]
  }

  private mutating func value() throws(NumpyFault) -> Value {
    skipSpace()
    guard place < bytes.count else { throw broken("it ends early") }
    switch bytes[place] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .sizes(try sizes())
    case UInt8(ascii: "["): return .list
    default:
      if take("True") { return .truth(true) }
      if take("False") { return .truth(false) }
      throw broken("an unknown value at byte \(place)")
    }
  }

  /// A string without escapes: type names and keys need none.
  private mutating func text() throws(NumpyFault) -> String {
    skipSpace()
    guard place < bytes.count,
      bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\"")
    else { throw broken("a string is missing at byte \(place)") }
    let quote = bytes[place]
    let start = place + 1
    guard let end = bytes[start...].firstIndex(of: quote) else { throw broken("a string is open") }
    let inside = bytes[start..<end]
    guard inside.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw broken("a string holds more than plain characters")
    }
    place = end + 1
    return String(decoding: inside, as: UTF8.self)
  }

  private mutating func sizes() throws(NumpyFault) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      sizes.append(try size())
      if take(",") { continue }
      try expect(")")
      // Python needs the comma in a tuple of one: "(3)" is a number.
      if sizes.count == 1 { throw broken("the shape is not a tuple") }
      break
    }
    return sizes
  }

  private mutating func size() throws(NumpyFault) -> Int {
    skipSpace()
    let digits = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (1...18).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let size = Int(String(decoding: digits, as: UTF8.self))
    else { throw broken("a size is not a plain whole number") }
    place += digits.count
    return size
  }

  private mutating func skipSpace() {
    while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x0A { place += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func expect(_ word: String) throws(NumpyFault) {
    if !take(word) { throw broken("\"\(word)\" is missing at byte \(place)") }
  }

  private func broken(_ reason: String) -> NumpyFault {
    NumpyFault("its header cannot be read: \(reason)")
  }
}
