internal import Cryptography

/// How far the ledger has come: whoever notes it can tell later that nothing was changed, or cut
/// off, up to there.
public struct LedgerHead: Equatable, Sendable {
  /// Lines so far.
  public var count: Int
  /// The chain's SHA-256 after the last of them, 64 hexadecimal digits.
  public var hash: String

  public init(count: Int, hash: String) {
    self.count = count
    self.hash = hash
  }

  /// `COUNT:HASH`, as it is printed; nil for anything else.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), count >= 0,
      let bytes = Hex.bytes(String(parts[1])), bytes.count == SHA256.byteCount
    else { return nil }
    self.init(count: count, hash: Hex.string(bytes))
  }

  public var text: String { "\(count):\(hash)" }
}
