import Analysis
import Cataloging
import Domain
import LinearAlgebra
import VectorStorage

/// How close the images of one identity lie to its prototype.
public struct PrototypeSpread: Equatable, Sendable {
  /// Images in force with a vector that has a direction.
  public var members: Int
  /// Cosine of an image to the prototype.
  public var mean: Float
  public var least: Float
}

extension StepContext {
  /// Nil where no image of the identity has a vector in the space.
  public func prototypeSpread(of identity: Int64, in space: String) async throws -> PrototypeSpread?
  {
    var page = ImagePage(limit: 10_000)
    page.identity = identity
    page.isQuarantined = false
    var places: [VectorPlace] = []
    for image in try await catalog.images(page) {
      places += try await catalog.places(of: image.id).filter { $0.space.name == space }
    }
    guard let last = places.last?.space else { return nil }
    let locations = places.filter { $0.space == last }.map {
      VectorLocation(file: $0.file, row: $0.row)
    }
    let unit = try vectors.gather(locations, space: last).unitRows()
    let good = (0..<unit.vectors.count).filter { !unit.degenerate.contains($0) }
    guard !good.isEmpty else { return nil }
    let members = unit.vectors.rows(good)
    let prototypes = try Prototypes.byIdentity(members, labels: good.map { _ in 0 })
    let cosines = members.similarities(to: prototypes.directions)
    return PrototypeSpread(
      members: good.count, mean: cosines.reduce(0, +) / Float(good.count), least: cosines.min() ?? 0
    )
  }
}
