/// Writes one structure of Apache Thrift's compact protocol.
///
/// Source: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
struct ThriftCompact: Sendable {
  /// The protocol's types, as far as they are written.
  enum Kind: UInt8, Sendable {
    case integer = 5
    case long = 6
    case text = 8
    case list = 9
    case structure = 12
  }

  private var bytes: [UInt8] = []
  private var last = 0

  /// The structure with its end.
  var ended: [UInt8] { bytes + [0] }

  /// Fields come by rising number, each less than 16 above the one before.
  private mutating func begin(_ field: Int, _ kind: Kind) {
    precondition(field > last && field - last < 16)
    bytes.append(UInt8(field - last) << 4 | kind.rawValue)
    last = field
  }

  /// A 32-bit number.
  mutating func write(_ field: Int, _ value: Int) {
    begin(field, .integer)
    element(value)
  }

  /// A 64-bit number.
  mutating func write(_ field: Int, long value: Int) {
    begin(field, .long)
    element(value)
  }

  mutating func write(_ field: Int, _ text: String) {
    begin(field, .text)
    element(text)
  }

  mutating func structure(_ field: Int, _ body: (inout ThriftCompact) -> Void) {
    begin(field, .structure)
    element(body)
  }

  /// The head of a list; its elements follow.
  mutating func list(_ field: Int, of kind: Kind, count: Int) {
    begin(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes += [0xF0 | kind.rawValue] + Self.varint(UInt64(count))
    }
  }

  mutating func element(_ value: Int) {
    bytes += Self.varint(UInt64(bitPattern: Int64((value << 1) ^ (value >> 63))))
  }

  mutating func element(_ text: String) {
    bytes += Self.varint(UInt64(text.utf8.count)) + Array(text.utf8)
  }

  mutating func element(_ body: (inout ThriftCompact) -> Void) {
    var inner = ThriftCompact()
    body(&inner)
    bytes += inner.ended
  }

  /// Seven bits to the byte, the lowest first.
  static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }
}
