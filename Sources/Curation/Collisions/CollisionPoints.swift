import Analysis
import Cataloging
import Diagnostics
import Domain

/// The cosines from which on two identities of the set count as the same person.
struct CollisionPoints: Sendable {
  /// Image against image.
  var images: OperatingPoint
  /// Mean against mean; nil where no other population has labelled identities to measure it on.
  var prototypes: OperatingPoint?
  /// True where the images' threshold was measured on the set itself: chance is then what was found.
  var isMeasuredOnItself: Bool

  var document: JSONValue {
    [
      "images": images.document, "prototypes": JSONValue(prototypes) { $0.document },
      "measuredOnItself": .bool(isMeasuredOnItself),
    ]
  }

  /// Measures on people outside the set where there are any: on the set itself, collisions would
  /// raise the threshold that is to find them.
  static func find(
    _ options: CollisionsStep.Options, in context: StepContext
  ) async throws -> CollisionPoints {
    let space = try await context.space(named: options.space)
    let outside = [Population.reference, .real].filter { !options.populations.contains($0) }
    let documented = options.space == Space.identity ? options.documented : []
    func point(_ cohorts: [Population]) async throws -> OperatingPoint {
      try await context.operatingPoint(
        options.threshold, in: space, cohorts: cohorts, documented: documented)
    }
    var points: CollisionPoints
    do {
      points = CollisionPoints(
        images: try await point(outside), prototypes: nil, isMeasuredOnItself: false)
    } catch let error as CurationError where error.code == .missingInput {
      points = CollisionPoints(
        images: try await point(options.populations.sorted()), prototypes: nil,
        isMeasuredOnItself: true)
    }
    points.prototypes = try await prototypePoint(points.images, outside, options, context)
    return points
  }

  private static func prototypePoint(
    _ images: OperatingPoint, _ cohorts: [Population], _ options: CollisionsStep.Options,
    _ context: StepContext
  ) async throws -> OperatingPoint? {
    guard images.falseMatchRate != nil else { return images }
    for cohort in cohorts {
      let people = try await context.embedded(
        options.space, [cohort], includesQuarantined: true)?.filtered { $0.identity != nil }
      guard let people else { continue }
      let means = try ClassMeans(people.unit, labels: people.identities.map { $0.map(Int.init) })
      let scores = try means.impostors(seed: context.seed)
      if let point = try images.moved(to: scores, of: "pairs of \(cohort.rawValue) class means") {
        return point
      }
    }
    return nil
  }
}
