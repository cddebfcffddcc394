public import Domain
public import LinearAlgebra

/// Where new directions are proposed. Direction number k is the same whichever others are asked for
/// in the same block.
public enum DirectionModel: Sendable {
  /// Even on the whole sphere.
  case sphere(width: Int)
  /// Where given directions lie: normal with their mean and their variance along each principal axis,
  /// scaled to length 1. Fewer directions than values span fewer dimensions; nothing lies outside.
  case likeness(PrincipalAxes)

  /// The model of directions, zero rows left out.
  /// - Throws: `AnalysisError.tooFew` for fewer than three directions, which have no spread to speak of.
  public static func likeness(of directions: Vectors) throws -> DirectionModel {
    let usable = (0..<directions.count).filter { row in
      directions[row: row].contains { $0 != 0 }
    }
    guard usable.count >= 3 else {
      throw AnalysisError(
        code: .tooFew, message: "\(usable.count) directions show no spread to draw others from",
        hint: "index more identities, or draw from the whole sphere")
    }
    return .likeness(try PrincipalAxes.fit(directions.rows(usable), count: directions.width))
  }

  /// Unit vectors number `numbers`, one per row, each from a stream of its own. A draw without a
  /// direction is a row of zeros.
  ///
  /// One sgemm: bytes repeat for the same block.
  public func draws(_ numbers: Range<Int>, seed: UInt64) -> Vectors {
    switch self {
    case .sphere(let width):
      return Self.normal(numbers, width: width, seed: seed).unitRows().vectors
    case .likeness(let axes):
      let count = max(1, axes.axes.count)
      var coordinates = Self.normal(numbers, width: count, seed: seed)
      guard axes.axes.count > 0 else {
        let mean = Vectors(width: axes.mean.count, rows: numbers.map { _ in axes.mean })
        return mean.unitRows().vectors
      }
      for place in coordinates.values.indices {
        coordinates.values[place] *= axes.variances[place % count].squareRoot()
      }
      var directions = coordinates.multiplied(by: axes.axes)
      for place in directions.values.indices {
        directions.values[place] += axes.mean[place % axes.mean.count]
      }
      return directions.unitRows().vectors
    }
  }

  private static func normal(_ numbers: Range<Int>, width: Int, seed: UInt64) -> Vectors {
    Vectors(
      width: width,
      rows: numbers.map { number in
        CounterRandom(seed: seed, stream: UInt64(number)).gaussians(count: width)
      })
  }
}
