public import Domain
import Execution

/// The nearest vectors of every vector of a set: all of them, or most of them in much less time.
///
/// All: every pair is compared, once where the memory allows it. Most: vectors are put into clusters, and
/// only those of clusters that lie near each other are compared, with `NearestWithin` as it is. How near is
/// near enough is measured on a sample of vectors whose nearest are found exactly, so that the share that
/// was asked for is found of those.
public struct NeighbourFinder: NeighbourSearch {
  public var settings: ExactSettings
  /// The share of the nearest that is to be found, above 0; 1 finds all.
  public var share: Double

  /// - Precondition: `share > 0` and `share <= 1`.
  public init(_ settings: ExactSettings, share: Double = 1) {
    precondition(share > 0 && share <= 1)
    self.settings = settings
    self.share = share
  }

  /// - Throws: `notUnitVector` naming the first row that is zero, not finite or not of length 1; `memory`.
  /// - Precondition: `k > 0`.
  public func neighbours(
    _ k: Int, within unitVectors: Vectors, progress: any ProgressReporter
  ) throws -> FoundNeighbours {
    precondition(k > 0)
    try UnitCheck.require(unitVectors, role: "row")
    let wanted = min(k, unitVectors.count)
    if share < 1, let most = try most(wanted, within: unitVectors, progress: progress) {
      return most
    }
    let join = try NearestJoin(unitVectors, settings: settings)
    if let within = try NearestWithin(join, wanted, isExact: true) {
      try within.run(.all(count: join.vectors.count, threads: settings.threads), progress: progress)
      return FoundNeighbours(recall: nil) { try within.nearest(of: Array($0)) }
    }
    return FoundNeighbours(recall: nil) { rows in
      defer { progress.advance(to: rows.upperBound) }
      return try join.nearest(wanted, to: unitVectors.read(rows))
    }
  }

  /// Nil where clusters would spare too little, or the memory is too short.
  private func most(
    _ k: Int, within vectors: Vectors, progress: any ProgressReporter
  ) throws -> FoundNeighbours? {
    guard let clusters = try RowClusters(vectors, threads: settings.threads) else { return nil }
    let rows = OrderedRows(vectors, order: clusters.order)
    let join = try NearestJoin(rows, settings: settings)
    let probe = try ClusterProbe(join, k)
    guard let meetings = probe.meetings(clusters, finding: share),
      let within = try NearestWithin(join, k, isExact: false)
    else { return nil }
    try within.run(meetings, progress: progress)
    let recall = probe.recall(of: try within.nearest(of: probe.sample, again: true))
    let places = clusters.places
    return FoundNeighbours(recall: recall) { stretch in
      let pairs = try within.nearest(of: places[stretch].map(Int.init))
      return rows.inOwnOrder(pairs)
    }
  }
}
