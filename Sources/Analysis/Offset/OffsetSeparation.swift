import Domain
import LinearAlgebra

/// How well one axis tells the sides of Δ apart: areas under the curve of the images' projections.
/// The axis is fitted to one half of the identities and scores the images of the other, and back.
struct OffsetSeparation {
  /// Along Δ.
  let along: Double
  /// Along Δ whitened by the covariance within the sides.
  let whitened: Double
  /// Weight of the sphere in that covariance; mean of the folds.
  let shrinkage: Double

  /// Most rows of one side that a covariance is taken from: its products of all pairs are held.
  private static let mostRows = 1000

  init(from: OffsetSide, to: OffsetSide, seed: UInt64) {
    let folds = [true, false].map { Fold(from: from, to: to, seed: seed, fitsFirst: $0) }
    func mean(_ value: (Fold) -> Double) -> Double { (value(folds[0]) + value(folds[1])) / 2 }
    along = mean { $0.area(along: $0.offset) }
    whitened = mean { $0.area(along: $0.discriminant.axis) }
    shrinkage = mean { $0.discriminant.shrinkage }
  }

  /// One fit and the images that took no part in it.
  private struct Fold {
    /// Δ of the fitted half.
    let offset: [Double]
    let discriminant: ShrunkDiscriminant
    private let fromHeld: Vectors
    private let toHeld: Vectors

    init(from: OffsetSide, to: OffsetSide, seed: UInt64, fitsFirst: Bool) {
      func fitted(_ side: OffsetSide, _ use: String) -> Set<Int> {
        let random = CounterRandom(seed: Seed.derived(from: "offset auc \(use)", parent: seed))
        return Set(random.half(of: side.blocks, isFirst: fitsFirst))
      }
      let fromFit = fitted(from, "from")
      let toFit = fitted(to, "to")
      let fromShift = from.deviations.rows(fromFit.sorted()).mean()
      let toShift = to.deviations.rows(toFit.sorted()).mean()
      offset = to.mean.indices.map { column in
        to.mean[column] + Double(toShift[column]) - from.mean[column] - Double(fromShift[column])
      }
      let own = [Self.centred(from, fromFit), Self.centred(to, toFit)]
      let within = Vectors(
        count: own[0].count + own[1].count, width: from.mean.count,
        values: own[0].values + own[1].values)
      discriminant = ShrunkDiscriminant(offset: offset, within: within)
      fromHeld = Self.held(from, fromFit)
      toHeld = Self.held(to, toFit)
    }

    func area(along axis: [Double]) -> Double {
      let line = Vectors(count: 1, width: axis.count, values: axis.map { Float($0) })
      return AreaUnderCurve.of(
        positives: toHeld.similarities(to: line), negatives: fromHeld.similarities(to: line))
        ?? 0.5
    }

    private static func held(_ side: OffsetSide, _ fitted: Set<Int>) -> Vectors {
      side.sample.rows(side.sampleBlocks.indices.filter { !fitted.contains(side.sampleBlocks[$0]) })
    }

    /// Rows of the fitted half minus their mean; every k-th where there are many.
    private static func centred(_ side: OffsetSide, _ fitted: Set<Int>) -> Vectors {
      let all = side.sampleBlocks.indices.filter { fitted.contains(side.sampleBlocks[$0]) }
      let step = max(1, (all.count + mostRows - 1) / mostRows)
      var rows = side.sample.rows(stride(from: 0, to: all.count, by: step).map { all[$0] })
      let mean = rows.mean()
      for place in rows.values.indices { rows.values[place] -= mean[place % mean.count] }
      return rows
    }
  }
}
