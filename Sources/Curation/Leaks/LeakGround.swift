import Analysis
import Cataloging
import Domain

/// What a leak search compares, and the cosines it decides at.
struct LeakGround: Sendable {
  var suspects: EmbeddedImages
  /// The suspects as a mirror shows them, as far as they were embedded so.
  var mirrored: EmbeddedImages?
  var gallery: EmbeddedImages
  /// Image against image.
  var samples: LeakPoints
  /// Several per identity of the gallery.
  var prototypes: PrototypeSets
  /// Image against prototype; nil where the gallery is too small to measure it.
  var prototypePoints: LeakPoints?
  /// Every image of the gallery has this cosine to a prototype of its person, as far as eight suffice.
  var coversAtLeast = CosineSimilarity(-1)
  /// Impostor scores of images and prototypes that were measured for it.
  var prototypeScores: Int

  var suspectLabels: [Int?] { suspects.identities.map { $0.map(Int.init) } }
  var galleryLabels: [Int?] { gallery.identities.map { $0.map(Int.init) } }

  /// Suspects that have no mirrored vector.
  var notMirrored: Int { suspects.locations.count - (mirrored?.locations.count ?? 0) }

  /// Images without a usable vector, of all three.
  var leftOut: [Int64] {
    Set(suspects.leftOut + gallery.leftOut + (mirrored?.leftOut ?? [])).sorted()
  }

  static func load(
    _ options: LeaksStep.Options, samples: LeakPoints, in context: StepContext
  ) async throws -> LeakGround {
    let suspects = try await context.require(
      options.space, options.suspects, includesQuarantined: true)
    let gallery = try await context.require(
      options.space, [options.gallery], includesQuarantined: true)
    var mirrored = try await context.embedded(
      options.mirroredSpace, options.suspects, includesQuarantined: true)
    if let space = mirrored?.space, space.encoderDigest != suspects.space.encoderDigest {
      mirrored = nil
    }
    let known = Set(suspects.images)
    var ground = LeakGround(
      suspects: suspects, mirrored: mirrored?.filtered { known.contains($0.image) },
      gallery: gallery, samples: samples,
      prototypes: .none(width: gallery.space.width), prototypePoints: nil, prototypeScores: 0)
    guard options.usesPrototypes else { return ground }
    try ground.addPrototypes(context)
    return ground
  }

  /// First with one mean per identity, to learn at which cosine a prototype recognises somebody; then
  /// with as many as it takes for every image to be recognised by a prototype of its own person.
  mutating func addPrototypes(_ context: StepContext) throws {
    context.progress.begin("forming prototypes", total: nil, unit: "prototypes")
    coversAtLeast = CosineSimilarity(-1)
    try form(threads: context.threads)
    coversAtLeast = prototypePoints?.decide.similarity ?? samples.decide.similarity
    try form(threads: context.threads)
    context.progress.advance(to: prototypes.count)
    context.progress.end(nil)
  }

  private mutating func form(threads: Int) throws {
    prototypes = try PrototypeSets.form(
      gallery.unit, labels: galleryLabels, rule: PrototypeRule(coversAtLeast: coversAtLeast),
      threads: threads)
    let scores = try PrototypeScores.impostors(
      gallery.unit, labels: galleryLabels, against: prototypes)
    prototypeScores = scores.count
    prototypePoints = nil
    let what = "comparisons of gallery images with other people's prototypes"
    if let decide = try samples.decide.moved(to: scores, of: what),
      let review = try samples.review.moved(to: scores, of: what)
    {
      prototypePoints = LeakPoints(decide: decide, review: review)
    }
  }
}
