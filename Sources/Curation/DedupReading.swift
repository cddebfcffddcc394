import Analysis
import Cataloging
import Cryptography
import Diagnostics
import Domain

/// What a search for duplicates reads: images, vectors, and the cosine of the first key.
struct DedupReading: Sendable {
  let options: DedupStep.Options
  /// Every current image of the populations, quarantined ones too, oldest first.
  let images: [ImageRecord]
  let vectors: DuplicateVectors?
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

  func search(threads: Int) -> DuplicateSearch {
    DuplicateSearch(
      images: images, vectors: vectors, protected: protected, options: options, threads: threads)
  }

  /// Throws where a space was asked for that holds no vectors, or where there is nothing at all to
  /// compare.
  init(_ options: DedupStep.Options, in context: StepContext) async throws {
    self.options = options
    images = try await context.catalog.images(
      ImageFilter(populations: options.populations, includesQuarantined: true))
    var inputs: [String] = [Self.factsDigest(images)]
    let name = options.onlySpace ?? Space.identity
    let first = try await context.embedded(
      name, options.populations, includesQuarantined: true)
    guard let first else {
      if options.onlySpace != nil || images.allSatisfy({ $0.facts.digest == nil }) {
        // Says what is missing and what to do.
        _ = try await context.require(name, options.populations, includesQuarantined: true)
      }
      (vectors, point, self.inputs) = (nil, nil, inputs)
      return
    }
    point = try await context.operatingPoint(
      options.identity, in: context.space(named: name), cohorts: options.cohorts,
      // The table is the identity encoder's and says nothing of other spaces.
      documented: options.onlySpace == nil ? options.documented : [])
    inputs.append(first.digest)
    var pictures = PictureComparison(image: nil, thumbnails: nil)
    if options.onlySpace == nil {
      let image = try await context.embedded(
        Space.image, options.populations, includesQuarantined: true)
      let pixel = try await context.embedded(
        Space.pixel, options.populations, includesQuarantined: true)
      inputs += [image?.digest ?? "-", pixel?.digest ?? "-"]
      pictures = PictureComparison(image: image, thumbnails: pixel)
    }
    vectors = DuplicateVectors(
      first: first, pictures: pictures, isOneKey: options.onlySpace != nil)
    self.inputs = inputs
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
