/// What a request line asks for: a path in segments and a query.
public struct RequestTarget: Equatable, Sendable {
  /// The decoded segments between the slashes; a final empty one where the path ends in a slash.
  public let path: [String]
  /// Names and values in their order.
  public let query: [(name: String, value: String)]

  /// Nil for anything that could mean two things: a `.` or `..` segment, an encoded slash, a
  /// backslash, a control character, a broken escape, or bytes that are no UTF-8.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: 0x3F, maxSplits: 1, omittingEmptySubsequences: false)
    guard let head = parts.first, head.first == 0x2F else { return nil }
    var path: [String] = []
    for piece in head.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false) {
      guard let segment = Self.decoded(piece, plusIsSpace: false), Self.isPlain(segment) else {
        return nil
      }
      path.append(segment)
    }
    guard path.dropLast().allSatisfy({ !$0.isEmpty }) else { return nil }
    self.path = path
    var query: [(name: String, value: String)] = []
    for field in parts.count > 1 ? parts[1].split(separator: 0x26) : [] {
      let sides = field.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(sides[0], plusIsSpace: true),
        let value = sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : ""
      else { return nil }
      query.append((name, value))
    }
    self.query = query
  }

  public static func == (one: RequestTarget, other: RequestTarget) -> Bool {
    one.path == other.path && one.query.elementsEqual(other.query, by: ==)
  }

  private static func isPlain(_ segment: String) -> Bool {
    segment != "." && segment != ".."
      && segment.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x2F && $0 != 0x5C }
  }

  private static func decoded(_ bytes: Substring.UTF8View, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case 0x25:
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { return nil }
        decoded.append(high << 4 | low)
      case 0x2B where plusIsSpace: decoded.append(0x20)
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
