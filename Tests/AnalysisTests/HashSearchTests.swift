import Analysis
import Domain
import Testing

@Suite struct HashSearchTests {
  /// Random hashes, and after each third one a copy with some bits changed, mirrored every second
  /// time.
  private func hashes(_ count: Int, seed: UInt64) -> [PictureHash] {
    var dice = PlainDice(state: seed)
    var hashes: [PictureHash] = []
    while hashes.count < count {
      let hash = PictureHash(words: SIMD4(dice.next(), dice.next(), dice.next(), dice.next()))
      hashes.append(hash)
      guard hashes.count % 3 == 1 else { continue }
      var words = hash.words
      for _ in 0..<dice.next() % 34 {
        let bit = Int(dice.next() % 256)
        words[bit >> 6] ^= 1 << UInt64(bit & 63)
      }
      let copy = PictureHash(words: words)
      hashes.append(hashes.count.isMultiple(of: 2) ? copy.mirrored : copy)
    }
    return hashes
  }

  private func bruteForce(_ hashes: [PictureHash], within distance: Int) -> [HashPair] {
    hashes.indices.flatMap { a in
      hashes.indices.dropFirst(a + 1).compactMap { b -> HashPair? in
        let straight = hashes[a].distance(to: hashes[b])
        let turned = hashes[a].mirrored.distance(to: hashes[b])
        guard min(straight, turned) <= distance else { return nil }
        return HashPair(
          a: a, b: b, distance: min(straight, turned), isMirrored: turned < straight)
      }
    }
  }

  @Test(arguments: [0, 1, 10, 15, 16, 24, 31])
  func `every pair is found that comparing all with all finds`(distance: Int) throws {
    let hashes = hashes(600, seed: 7)
    let expected = bruteForce(hashes, within: distance)
    #expect(distance == 0 || !expected.isEmpty)
    #expect(try HashSearch.pairs(hashes, within: distance, threads: 1) == expected)
    #expect(try HashSearch.pairs(hashes, within: distance, threads: 3) == expected)
  }

  @Test func `equal and symmetric hashes are found once`() throws {
    let hash = PictureHash(words: SIMD4(3, 5, 7, 9))
    let pairs = try HashSearch.pairs([hash, hash, hash.mirrored], within: 4, threads: 2)
    #expect(
      pairs == [
        HashPair(a: 0, b: 1, distance: 0, isMirrored: false),
        HashPair(a: 0, b: 2, distance: 0, isMirrored: true),
        HashPair(a: 1, b: 2, distance: 0, isMirrored: true),
      ])
  }

  @Test func `none and one give no pair, and a wide distance is refused`() throws {
    #expect(try HashSearch.pairs([], within: 10, threads: 2).isEmpty)
    #expect(
      try HashSearch.pairs([PictureHash(words: SIMD4(1, 2, 3, 4))], within: 10, threads: 2).isEmpty)
    #expect(throws: AnalysisError.self) { try HashSearch.pairs([], within: 32, threads: 1) }
    #expect(throws: AnalysisError.self) { try HashSearch.pairs([], within: -1, threads: 1) }
  }
}

/// SplitMix64.
private struct PlainDice {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
