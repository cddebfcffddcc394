import Analysis
import Domain

/// Two images that count as duplicates, by their places in the list of images.
struct DuplicateMatch: Sendable {
  /// `low` is below `high`.
  var low: Int
  var high: Int
  var tier: DuplicateTier
  var identity: CosineSimilarity?
  /// How alike the pictures are, where that was measured.
  var picture: CosineSimilarity?
  /// Bits by which the perceptual hashes differ, where they decided.
  var hashDistance: Int?
  var isMirrored = false

  init(_ a: Int, _ b: Int, _ tier: DuplicateTier) {
    low = min(a, b)
    high = max(a, b)
    self.tier = tier
  }

  /// One number for how alike the two are, whatever found them.
  var similarity: CosineSimilarity {
    if let known = picture ?? identity { return known }
    let share = Float(hashDistance ?? 0) / Float(PictureHash.bitCount)
    return CosineSimilarity(1 - share)
  }
}

/// Matches by their two images: of several for the same two the surest tier.
struct DuplicateMatches: Sendable {
  /// By rising (low, high), each pair once.
  let all: [DuplicateMatch]

  init(_ matches: [DuplicateMatch]) {
    func precedes(_ a: DuplicateMatch, _ b: DuplicateMatch) -> Bool {
      (a.low, a.high, a.tier) < (b.low, b.high, b.tier)
    }
    let isSorted = matches.indices.dropFirst().allSatisfy {
      !precedes(matches[$0], matches[$0 - 1])
    }
    let sorted = isSorted ? matches : matches.sorted(by: precedes)
    var all: [DuplicateMatch] = []
    all.reserveCapacity(sorted.count)
    for match in sorted {
      if let last = all.last, last.low == match.low, last.high == match.high {
        // What a later tier measured is still worth showing.
        all[all.count - 1].identity = last.identity ?? match.identity
        all[all.count - 1].picture = last.picture ?? match.picture
      } else {
        all.append(match)
      }
    }
    self.all = all
  }

  /// The match of two images, in either order.
  subscript(a: Int, b: Int) -> DuplicateMatch? {
    let (low, high) = (min(a, b), max(a, b))
    var (start, end) = (0, all.count)
    while start < end {
      let middle = (start + end) / 2
      if (all[middle].low, all[middle].high) < (low, high) {
        start = middle + 1
      } else {
        end = middle
      }
    }
    guard start < all.count, all[start].low == low, all[start].high == high else { return nil }
    return all[start]
  }
}
