/// A tree of SHA-256 digests over a list (RFC 6962, section 2.1): its root commits to every entry
/// and its place, and a short proof shows that an entry stands at its place without showing another.
///
/// Leaf: SHA-256(0x00, entry). Node: SHA-256(0x01, left, right); of n entries the left subtree has
/// the largest power of two below n. The root of no entries is the SHA-256 of no bytes.
public struct MerkleTree: Sendable {
  /// `levels[0]` are the leaves' digests; the last level is the root alone.
  private let levels: [[[UInt8]]]

  public init(_ entries: [[UInt8]]) {
    var levels = [entries.map { SHA256.digest(of: [0] + $0) }]
    while let last = levels.last, last.count > 1 {
      levels.append(
        stride(from: 0, to: last.count, by: 2).map { place in
          place + 1 < last.count ? Self.node(last[place], last[place + 1]) : last[place]
        })
    }
    self.levels = levels
  }

  public var count: Int { levels[0].count }

  /// 32 bytes.
  public var root: [UInt8] { levels[levels.count - 1].first ?? SHA256.digest(of: []) }

  /// The digests beside the way from entry `place` to the root, from below.
  /// - Precondition: the entry exists.
  public func proof(at place: Int) -> [[UInt8]] {
    precondition((0..<count).contains(place))
    var place = place
    var proof: [[UInt8]] = []
    for level in levels.dropLast() {
      let other = place ^ 1
      if other < level.count { proof.append(level[other]) }
      place /= 2
    }
    return proof
  }

  /// The root that `proof` gives for `entry` at `place` of `count`; nil where the proof has another
  /// length than such a tree's.
  public static func root(
    entry: [UInt8], at place: Int, of count: Int, proof: [[UInt8]]
  ) -> [UInt8]? {
    guard (0..<max(count, 0)).contains(place) else { return nil }
    var (place, count, rest) = (place, count, proof[...])
    var digest = SHA256.digest(of: [0] + entry)
    while count > 1 {
      let other = place ^ 1
      if other < count {
        guard let beside = rest.popFirst() else { return nil }
        digest = place & 1 == 0 ? node(digest, beside) : node(beside, digest)
      }
      place /= 2
      count = (count + 1) / 2
    }
    return rest.isEmpty ? digest : nil
  }

  private static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    SHA256.digest(of: [1] + left + right)
  }
}
