import Domain

/// Measures on a sample which clusters must meet so that a share of the nearest rows is found.
struct ClusterProbe {
  /// Rows of a block: no more than clusters have, as a block meets all that its clusters meet.
  private static let blockSize = 64
  /// Meetings of a larger share of all blocks spare too little.
  private static let largestShare = 0.4

  /// Sampled places.
  let sample: [Int]
  /// Who is nearest to each, itself left out.
  private let nearest: [VectorPair]
  private let count: Int

  /// - Parameter join: over rows in the order of the clusters.
  init(_ join: NearestJoin, _ k: Int) throws {
    count = join.vectors.count
    let sample = FrameChoice.places(min(RecallProbe.sampleSize, count), of: count)
    let rows = FrameChoice.sample(join.vectors, sample.count, exactly: true)
    nearest = try join.nearest(k, to: rows).filter { $0.target != sample[$0.query] }
    self.sample = sample
  }

  /// What was found of the nearest, queries being numbers in `sample`.
  func recall(of found: [VectorPair]) -> MeasuredRecall {
    RecallProbe.compare(found, nearest, queries: sample.count)
  }

  /// The fewest meetings in which the share can be found; nil where it takes most.
  func meetings(_ clusters: RowClusters, finding share: Double) -> BlockMeetings? {
    guard !nearest.isEmpty else { return nil }
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    let members = (0..<blocks).map {
      clusters.clusters(at: $0 * Self.blockSize..<min(count, ($0 + 1) * Self.blockSize))
    }
    let needed = nearest.map { pair in
      let (a, b) = (sample[pair.query] / Self.blockSize, pair.target / Self.blockSize)
      return a == b ? 0 : clusters.rank(members[a], members[b])
    }
    let wanted = Int((share * Double(needed.count)).rounded(.up))
    let reach = needed.sorted()[max(1, min(wanted, needed.count)) - 1]
    let pairs = pairs(clusters, members, reach)
    guard Double(pairs.count) < Self.largestShare * Double(blocks) * Double(blocks) / 2 else {
      return nil
    }
    return BlockMeetings(count: count, size: Self.blockSize, pairs: pairs)
  }

  /// Blocks of which two clusters are within reach of each other.
  private func pairs(
    _ clusters: RowClusters, _ members: [Range<Int>], _ reach: UInt16
  ) -> [SIMD2<UInt32>] {
    var pairs: [SIMD2<UInt32>] = []
    for block in members.indices {
      var others: Set<Int> = []
      for cluster in members[block] {
        for (other, rank) in clusters.ranks[cluster].enumerated() where rank <= reach {
          others.formUnion(clusters.blocks(of: other, size: Self.blockSize))
        }
      }
      pairs += others.filter { $0 > block }.sorted().map { SIMD2(UInt32(block), UInt32($0)) }
    }
    return pairs
  }
}

extension RowClusters {
  /// The clusters with rows at some places.
  func clusters(at places: Range<Int>) -> Range<Int> {
    cluster(at: places.lowerBound)..<cluster(at: places.upperBound - 1) + 1
  }

  /// The last cluster that begins at or before a place: an empty one is never it.
  private func cluster(at place: Int) -> Int {
    var (low, high) = (0, starts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }

  /// The blocks with rows of a cluster.
  func blocks(of cluster: Int, size: Int) -> Range<Int> {
    let (first, end) = (starts[cluster], starts[cluster + 1])
    return first == end ? 0..<0 : first / size..<(end - 1) / size + 1
  }

  /// The least rank of a pair of clusters, one of each.
  func rank(_ some: Range<Int>, _ others: Range<Int>) -> UInt16 {
    some.map { one in others.map { ranks[one][$0] }.min() ?? .max }.min() ?? .max
  }
}
