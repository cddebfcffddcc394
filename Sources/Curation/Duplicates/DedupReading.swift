import Analysis
import Cataloging
import Cryptography
import Diagnostics
import Domain

/// What a search for duplicates reads: images, the cosine of the first key, and, when it is asked
/// for, the vectors.
struct DedupReading: Sendable {
  let options: DedupStep.Options
  /// Every current image of the populations, quarantined ones too, oldest first.
  let images: [ImageRecord]
  /// Nil where no image has a vector.
  let point: OperatingPoint?
  /// What the provenance takes as read.
  let inputs: [String]

  /// Images that always stay.
  var protected: Set<Int64> {
    options.protectedImages.union(
      images.filter { options.protectedPopulations.contains($0.population) }.map(\.id))
  }

  /// The cosine of the first key; beyond every cosine where there is no vector.
  var floor: CosineSimilarity { point?.similarity ?? CosineSimilarity(2) }

  private var spaceName: String { options.onlySpace ?? Space.identity }

  /// The search, with the vectors loaded and copies joined.
  func search(in context: StepContext) async throws -> DuplicateSearch {
    DuplicateSearch(
      images: images, vectors: try await vectors(in: context), protected: protected,
      options: options, threads: context.threads)
  }

  private func vectors(in context: StepContext) async throws -> DuplicateVectors? {
    func embedded(_ name: String) async throws -> EmbeddedImages? {
      try await context.embedded(name, options.populations, includesQuarantined: true)
    }
    guard point != nil, let first = try await embedded(spaceName) else { return nil }
    guard options.onlySpace == nil else {
      return DuplicateVectors(
        first: first, pictures: PictureComparison(image: nil, thumbnails: nil), isOneKey: true)
    }
    let pictures = PictureComparison(
      image: try await embedded(Space.image), thumbnails: try await embedded(Space.pixel))
    return DuplicateVectors(first: first, pictures: pictures, isOneKey: false)
  }

  /// Throws where a space was asked for that holds no vectors, or where there is nothing at all to
  /// compare.
  init(_ options: DedupStep.Options, in context: StepContext) async throws {
    self.options = options
    images = try await context.catalog.images(
      ImageFilter(populations: options.populations, includesQuarantined: true))
    let name = options.onlySpace ?? Space.identity
    let spaces = options.onlySpace.map { [$0] } ?? [Space.identity, Space.image, Space.pixel]
    var inputs = [Self.factsDigest(images)]
    for space in spaces {
      inputs.append(
        try await context.embeddingDigest(space, options.populations, includesQuarantined: true))
    }
    self.inputs = inputs
    guard inputs[1] != "-" else {
      if options.onlySpace != nil || images.allSatisfy({ $0.facts.digest == nil }) {
        // Says what is missing and what to do.
        _ = try await context.require(name, options.populations, includesQuarantined: true)
      }
      point = nil
      return
    }
    point = try await context.operatingPoint(
      options.identity, in: context.space(named: name), cohorts: options.cohorts,
      // The table is the identity encoder's and says nothing of other spaces.
      documented: name == Space.identity ? options.documented : [])
  }

  /// SHA-256, in hex, over what is compared and preferred of the images beside their vectors.
  private static func factsDigest(_ images: [ImageRecord]) -> String {
    var stream = SHA256.Stream()
    for image in images {
      let facts = image.facts
      let words: [String] = [
        "\(image.id)", image.identity.map { "\($0)" } ?? "-", image.population.rawValue,
        facts.digest ?? "-", facts.pixelDigest ?? "-",
        facts.perceptualHash.map { Hex.string($0.bytes) } ?? "-",
        facts.sharpness.map { "\($0.bitPattern)" } ?? "-",
        facts.quality.map { "\($0.bitPattern)" } ?? "-", facts.qualityEncoder ?? "-",
        "\(facts.width ?? 0)", "\(facts.height ?? 0)",
      ]
      stream.update(words.joined(separator: " ") + "\n")
    }
    return stream.finalizeHex()
  }
}
