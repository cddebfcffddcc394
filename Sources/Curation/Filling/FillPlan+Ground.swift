import Analysis
import Cataloging
import Domain

extension FillPlan {
  /// What candidates are held against: the same images, prototypes and pictures as `dedup` and `leaks`
  /// compare originals with.
  static func ground(
    _ digital: EmbeddedImages, _ images: EmbeddedImages, _ gallery: EmbeddedImages?,
    _ points: Points, _ options: FillStep.Options, _ parts: FillStep.Parts,
    in context: StepContext
  ) async throws -> CandidateJudge.Ground {
    let compared = Set(images.images)
    let known = try await context.catalog.images(ImageFilter(includesQuarantined: true))
      .filter { $0.population != .generated || compared.contains($0.id) || $0.isQuarantined }
    let dedup = DedupStep.Options(rates: options.rates)
    var ground = CandidateJudge.Ground(
      prototypes: try Prototypes.byIdentity(
        digital.unit, labels: digital.identities.map { $0.map(Int.init) }),
      gallery: try gallery.map { try parts.builder.index($0.unit) },
      images: try parts.builder.index(images.unit), imageIDs: images.images,
      pictures: PictureComparison(
        image: try await context.embedded(
          Space.image, [.digital, .generated], includesQuarantined: false),
        thumbnails: try await context.embedded(
          Space.pixel, [.digital, .generated], includesQuarantined: false)),
      hashes: Dictionary(
        uniqueKeysWithValues: known.compactMap { image in
          image.facts.perceptualHash.map { (image.id, $0) }
        }),
      known: KnownPictures(known, hashDistance: dedup.hashDistance))
    if let gallery, let leak = points.leak {
      let certain = points.certainLeak ?? leak
      var people = LeakGround(
        suspects: digital, mirrored: nil, gallery: gallery,
        samples: LeakPoints(decide: certain, review: leak),
        prototypes: .none(width: gallery.space.width), prototypePoints: nil, prototypeScores: 0)
      try people.addPrototypes(context)
      if let floor = people.prototypePoints?.floor, people.prototypes.count > 0 {
        ground.galleryPrototypes = people.prototypes.directions
        ground.prototypeFloor = floor
      }
    }
    return ground
  }
}
