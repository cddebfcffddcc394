import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// What a new identity is held against: the set's prototypes and images, and the leak gallery.
struct NewIdentitiesGround {
  /// Why a direction is refused, as it is counted.
  enum Reason: String {
    case collision = "collides with an image"
    case leak = "leaks a gallery image"
    case prototypeLeak = "leaks a gallery prototype"
  }

  let collisions: CollisionGround
  let points: CollisionPoints
  /// Nil where there is no gallery.
  let leaks: LeakGround?

  private let images: any VectorIndex
  private let gallery: (any VectorIndex)?
  private let galleryPrototypes: (any VectorIndex)?

  /// - Throws: where there is no identity to be different from, or no threshold.
  static func load(
    _ options: NewIdentitiesStep.Options, builder: any VectorIndexBuilder, in context: StepContext
  ) async throws -> NewIdentitiesGround {
    var search = CollisionsStep.Options()
    search.threshold = options.collision
    search.documented = options.documented
    let points = try await CollisionPoints.find(search, in: context)
    return try NewIdentitiesGround(
      collisions: try await CollisionGround.load(search, in: context), points: points,
      leaks: try await leakGround(options, in: context), builder: builder)
  }

  private init(
    collisions: CollisionGround, points: CollisionPoints, leaks: LeakGround?,
    builder: any VectorIndexBuilder
  ) throws {
    self.collisions = collisions
    self.points = points
    self.leaks = leaks
    images = try builder.index(collisions.images.unit)
    gallery = try leaks.map { try builder.index($0.gallery.unit) }
    let hasPrototypes = leaks?.prototypePoints != nil && (leaks?.prototypes.count ?? 0) > 0
    galleryPrototypes =
      try hasPrototypes ? leaks.map { try builder.index($0.prototypes.directions) } : nil
  }

  /// The same ground as `leaks` has, decided from one rate on.
  private static func leakGround(
    _ options: NewIdentitiesStep.Options, in context: StepContext
  ) async throws -> LeakGround? {
    let gallery = try await context.embeddingDigest(
      Space.identity, [.reference], includesQuarantined: true)
    guard gallery != "-" else { return nil }
    let point = try await context.operatingPoint(
      options.leak, in: context.space(named: Space.identity),
      cohorts: [.reference, .real, .digital, .generated], documented: options.documented)
    return try await LeakGround.load(
      LeaksStep.Options(), samples: LeakPoints(decide: point, review: point), in: context)
  }

  /// Cosine that prototypes of two identities stay below.
  var prototypePoint: OperatingPoint { points.prototypes ?? points.images }

  /// Directions that keep others away.
  var prototypes: Vectors { collisions.prototypes.directions }

  /// Per row the first reason against it: an image of the set, a gallery image, a gallery prototype.
  func reasons(against rows: Vectors) throws -> [String?] {
    var reasons = [String?](repeating: nil, count: rows.count)
    func refuse(
      _ index: (any VectorIndex)?, from floor: CosineSimilarity?, _ reason: Reason
    ) throws {
      guard let index, let floor, rows.count > 0 else { return }
      for pair in try index.nearest(1, to: rows) where pair.similarity >= floor {
        reasons[pair.query] = reasons[pair.query] ?? reason.rawValue
      }
    }
    try refuse(images, from: points.images.similarity, .collision)
    try refuse(gallery, from: leaks?.samples.floor, .leak)
    try refuse(galleryPrototypes, from: leaks?.prototypePoints?.floor, .prototypeLeak)
    return reasons
  }
}
