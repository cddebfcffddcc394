import Cataloging
import Curation
import Diagnostics
import Domain

/// The collisions of the step in force, and the identities it proposes to put aside, by name.
struct CollisionListing: Sendable {
  struct Removal: Sendable {
    var record: CollisionRemoval
    /// True where no image of the identity is left in the set.
    var isAside: Bool
  }

  var collisions: [CollisionRecord] = []
  var removals: [Removal] = []
  /// Names of identities.
  var names: [Int64: String] = [:]
  /// Paths of images.
  var paths: [Int64: String] = [:]

  static func latest(in context: StepContext) async throws -> CollisionListing {
    guard let step = try await context.catalog.latestStep(named: CollisionsStep.name) else {
      return CollisionListing()
    }
    let images = try await context.catalog.images(ImageFilter(includesQuarantined: true))
    let alive = Set(images.filter { !$0.isQuarantined }.compactMap(\.identity))
    var listing = CollisionListing()
    listing.collisions = try await context.catalog.collisions(step: step.key)
    listing.removals = try await context.catalog.collisionRemovals(step: step.key).map {
      Removal(record: $0, isAside: !alive.contains($0.identity))
    }
    listing.names = Dictionary(
      uniqueKeysWithValues: try await context.catalog.identities().map { ($0.id, $0.name) })
    listing.paths = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0.path) })
    return listing
  }

  /// True where a proposal waits for a decision.
  var hasProposals: Bool { removals.contains { !$0.isAside } }

  func name(_ identity: Int64) -> String { names[identity] ?? "\(identity)" }

  /// One line each, for people.
  var lines: [String] {
    let pairs = collisions.map { collision in
      let cosine =
        collision.nearest.map { "  images \(digits($0.similarity)) (\(collision.imagePairs))" }
        ?? ""
      let prototype =
        collision.prototypeSimilarity.map { "  prototypes \(digits($0))" } ?? ""
      return """
        \(name(collision.a))  ~  \(name(collision.b))\(cosine)\(prototype)  by \
        \(collision.decidedBy)
        """
    }
    let proposals = removals.map { removal in
      """
      \(removal.isAside ? "quarantined" : "proposed"): \(name(removal.record.identity)), \
      \(removal.record.images) images, collides with \(removal.record.degree)
      """
    }
    return Self.shortened(pairs) + Self.shortened(proposals)
  }

  /// Lines printed one by one; `--json` lists all.
  private static func shortened(_ lines: [String]) -> [String] {
    guard lines.count > 20 else { return lines }
    return lines.prefix(20) + ["and \(lines.count - 20) more; --json lists all"]
  }

  private func digits(_ similarity: CosineSimilarity) -> String {
    HumanNumbers.decimal(Double(similarity.value), 4)
  }

  var pairs: JSONValue {
    .array(
      collisions.map { collision in
        [
          "a": .string(name(collision.a)), "b": .string(name(collision.b)),
          "imagePairs": .int(collision.imagePairs),
          "similarity": JSONValue(collision.nearest) { JSONValue($0.similarity.value) },
          "imageA": JSONValue(collision.nearest.flatMap { paths[$0.a] }) { .string($0) },
          "imageB": JSONValue(collision.nearest.flatMap { paths[$0.b] }) { .string($0) },
          "prototypeSimilarity": JSONValue(collision.prototypeSimilarity) { JSONValue($0.value) },
          "decidedBy": .string(collision.decidedBy),
        ]
      })
  }

  var proposals: JSONValue {
    .array(
      removals.map { removal in
        [
          "identity": .string(name(removal.record.identity)),
          "degree": .int(removal.record.degree), "images": .int(removal.record.images),
          "decision": .string(removal.isAside ? "quarantined" : "proposed"),
        ]
      })
  }
}

extension Surroundings {
  /// Prints a search for collisions with what it found.
  func show(_ report: StepReport, collisions: CollisionListing) -> ExitCode {
    var report = report
    report.hasFindings = report.hasFindings && collisions.hasProposals
    report.lines += collisions.lines
    var fields = report.document.objectValue ?? [:]
    fields["pairs"] = collisions.pairs
    fields["proposals"] = collisions.proposals
    report.document = .object(fields)
    return show(report)
  }
}
