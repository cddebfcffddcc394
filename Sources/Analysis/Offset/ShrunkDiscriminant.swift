import Domain
import LinearAlgebra

/// Fisher's discriminant with a covariance that fewer rows than columns can carry.
///
/// With S = XᵀX / n of the centred rows X and m = tr S / width, the covariance is
/// (1 - s)·S + s·m·I, and s = min(1, b²/d²) with d² = ‖S - mI‖² and b² = Σ‖xxᵀ - S‖² / n²
/// (Ledoit and Wolf, *A well-conditioned estimator for large-dimensional covariance matrices*, 2004).
/// Everything is taken from the products of the rows; S itself is never formed.
struct ShrunkDiscriminant {
  /// Weight of the sphere, 0...1.
  let shrinkage: Double
  /// Covariance⁻¹ · offset; the offset itself where the rows do not scatter.
  let axis: [Double]

  /// Conjugate gradients stop at this residual, relative to the offset, or after so many steps.
  private static let residual = 1e-4
  private static let mostSteps = 200

  /// - Parameter within: centred rows; n × n products of them are held.
  init(offset: [Double], within rows: Vectors) {
    let count = Double(rows.count)
    let width = Double(rows.width)
    let squares = rows.squaredNorms()
    let sphere = squares.reduce(0, +) / (count * width)
    guard rows.count > 0, sphere > 0 else {
      (shrinkage, axis) = (1, offset)
      return
    }
    let products = rows.similarities(to: rows)
    let norm = products.reduce(0.0) { $0 + Double($1) * Double($1) } / (count * count)
    let distance = norm - width * sphere * sphere
    let scatter = (squares.reduce(0) { $0 + $1 * $1 } - count * norm) / (count * count)
    let share = distance > 0 ? min(1, max(0, scatter / distance)) : 1
    shrinkage = share
    axis = Self.solve(offset) { vector in
      let seen = rows.similarities(to: Self.row(vector))
      let back = Vectors(count: 1, width: rows.count, values: seen).multiplied(by: rows)
      return vector.indices.map { column in
        let own = (1 - share) * Double(back.values[column]) / count
        return own + share * sphere * vector[column]
      }
    }
  }

  /// Conjugate gradients for a positive definite product (Hestenes and Stiefel, 1952).
  private static func solve(
    _ wanted: [Double], _ product: ([Double]) -> [Double]
  ) -> [Double] {
    var answer = [Double](repeating: 0, count: wanted.count)
    var residual = wanted
    var direction = wanted
    var square = dot(residual, residual)
    let enough = square * Self.residual * Self.residual
    for _ in 0..<mostSteps where square > enough {
      let image = product(direction)
      let curvature = dot(direction, image)
      guard curvature > 0 else { break }
      let step = square / curvature
      for place in answer.indices {
        answer[place] += step * direction[place]
        residual[place] -= step * image[place]
      }
      let next = dot(residual, residual)
      for place in direction.indices {
        direction[place] = residual[place] + next / square * direction[place]
      }
      square = next
    }
    return answer
  }

  private static func row(_ vector: [Double]) -> Vectors {
    Vectors(count: 1, width: vector.count, values: vector.map { Float($0) })
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
