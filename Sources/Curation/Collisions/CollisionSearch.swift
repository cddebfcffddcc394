import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// The search behind `CollisionsStep`: all images of the set against one another across identities,
/// and all prototypes.
struct CollisionSearch {
  /// Images looked up at a time: what is kept between blocks grows with colliding identities, not
  /// with pairs of images.
  static let block = 4096

  let ground: CollisionGround
  let points: CollisionPoints
  let basis: CollisionsStep.Basis

  /// Two identities, by place in the prototypes.
  private struct Key: Hashable {
    var a: Int
    var b: Int
  }

  private struct Found {
    var imagePairs = 0
    var nearest: (a: Int, b: Int, similarity: CosineSimilarity)?
    var prototype: CosineSimilarity?
    var prototypesCollide = false
  }

  /// The collisions, the most similar images first, then by identity.
  func run(builder: any VectorIndexBuilder) throws -> [CollisionRecord] {
    var found: [Key: Found] = [:]
    if basis != .prototypes { try searchImages(builder, into: &found) }
    if basis != .images { try searchPrototypes(builder, into: &found) }
    let identities = ground.prototypes.identities
    let records = found.map { key, found in
      CollisionRecord(
        a: Int64(identities[key.a]), b: Int64(identities[key.b]), imagePairs: found.imagePairs,
        nearest: found.nearest.map { nearest in
          .init(
            a: ground.images.locations[nearest.a].image,
            b: ground.images.locations[nearest.b].image, similarity: nearest.similarity)
        },
        prototypeSimilarity: found.prototype ?? prototypeSimilarity(key),
        decidedBy: word(found))
    }
    return records.sorted { first, second in
      let a = first.nearest?.similarity ?? CosineSimilarity(-1)
      let b = second.nearest?.similarity ?? CosineSimilarity(-1)
      return a == b ? (first.a, first.b) < (second.a, second.b) : a > b
    }
  }

  private func word(_ found: Found) -> String {
    let byBoth = found.prototypesCollide && found.imagePairs > 0
    return byBoth ? "both" : found.prototypesCollide ? "prototypes" : "images"
  }

  private func searchImages(
    _ builder: any VectorIndexBuilder, into found: inout [Key: Found]
  ) throws {
    let unit = ground.images.unit
    let places = self.places
    let index = try builder.index(unit)
    _ = try index.forEachPairWithin(atLeast: points.images.similarity, PairWork()) { pairs in
      for pair in pairs {
        guard places[pair.query] != places[pair.target] else { continue }
        let isInOrder = places[pair.query] < places[pair.target]
        let (a, b) = isInOrder ? (pair.query, pair.target) : (pair.target, pair.query)
        let key = Key(a: places[a], b: places[b])
        found[key, default: Found()].imagePairs += 1
        if pair.similarity > found[key]?.nearest?.similarity ?? CosineSimilarity(-2) {
          found[key]?.nearest = (a, b, pair.similarity)
        }
      }
    }
  }

  private func searchPrototypes(
    _ builder: any VectorIndexBuilder, into found: inout [Key: Found]
  ) throws {
    guard let point = points.prototypes else { return }
    let usable = ground.prototypes.concentrations.indices.filter {
      ground.prototypes.concentrations[$0] > 1e-9
    }
    let directions = ground.prototypes.directions.rows(usable)
    let index = try builder.index(directions)
    for start in stride(from: 0, to: directions.count, by: Self.block) {
      let rows = start..<min(start + Self.block, directions.count)
      let pairs = try index.pairs(from: directions.rows(rows), atLeast: point.similarity)
      for pair in pairs where start + pair.query < pair.target {
        let key = Key(a: usable[start + pair.query], b: usable[pair.target])
        found[key, default: Found()].prototypesCollide = true
        found[key]?.prototype = pair.similarity
      }
    }
  }

  private func prototypeSimilarity(_ key: Key) -> CosineSimilarity? {
    let directions = ground.prototypes.directions
    return CosineSimilarity(directions.dot(row: key.a, directions, row: key.b))
  }

  /// Per image the place of its identity.
  private var places: [Int] {
    let places = Dictionary(
      uniqueKeysWithValues: ground.prototypes.identities.enumerated().map { ($1, $0) })
    return ground.images.identities.map { $0.flatMap { places[Int($0)] } ?? -1 }
  }
}
