import Analysis
import Cataloging
public import Diagnostics
public import Domain

/// Draws up the leak certificate: what was compared with what, how, what was found, what became of
/// it, and what may have been missed. Signing it and laying it out is the caller's work.
public struct CertificateStep: Sendable {
  public static let kind = "leak-certificate"

  let documented: [DocumentedThreshold]
  let builder: @Sendable (String) throws -> any VectorIndexBuilder

  /// - Parameters:
  ///   - documented: the identity encoder's own table of thresholds.
  ///   - builder: makes the search engine of a recorded name.
  public init(
    documented: [DocumentedThreshold],
    builder: @escaping @Sendable (String) throws -> any VectorIndexBuilder
  ) {
    self.documented = documented
    self.builder = builder
  }

  /// The document to be signed, without page and signer.
  /// - Parameter issuedAt: the time, as ISO 8601.
  /// - Throws: where leaks were not searched, or the search is stale.
  public func draft(issuedAt: String, in context: StepContext) async throws -> JSONValue {
    let search = try await CertifiedSearch.current(
      documented: documented, builder: try builder("exact"), in: context)
    let images = try await CertifiedImages.load(
      suspects: search.options.suspects, gallery: search.options.gallery,
      space: search.options.space, in: context)
    let hits = try await CertificateHits.load(search, images, in: context)
    let index = try builder(search.options.engine).index(images.gallery.unit)
    let exposure = try await CertificateExposure.measure(
      hits: hits, images: images, search: search, index: index, in: context)
    let head = try await context.catalog.ledgerHead()
    let (verdict, sentence) = hits.verdict
    return [
      "kind": .string(Self.kind), "format": 1, "issuedAt": .string(issuedAt),
      "tool": ["name": "d2r-curate", "version": .string(context.toolVersion)],
      "step": .string(search.record.key),
      "verdict": .string(verdict), "sentence": .string(sentence),
      "set": try await images.setDocument(in: context),
      "gallery": try await images.galleryDocument(in: context),
      "encoder": [
        "space": .string(images.gallery.space.name), "width": .int(images.gallery.space.width),
        "digest": .string(images.gallery.space.encoderDigest),
      ],
      "search": ["engine": .string(search.options.engine), "exact": .bool(index.isExact)],
      "threshold": try await threshold(search, images.gallery.space, in: context),
      "comparisons": .int(images.suspects.unit.count * images.gallery.unit.count),
      "expectedFalsePairs": search.summary["expectedFalsePairs"] ?? nil,
      "hits": hits.document, "decisions": hits.decisions,
      "toReview": search.summary["toReview"] ?? nil,
      "ledger": ["head": .string(head.hash), "decisions": .int(head.count)],
      "exposure": exposure, "limits": .array(Self.limits.map { .string($0) }),
    ]
  }

  /// The cosine, the rate it stands for, and what that was measured on.
  private func threshold(
    _ search: CertifiedSearch, _ space: Space, in context: StepContext
  ) async throws -> JSONValue {
    var document = search.parameters["threshold"] ?? [:]
    let similarity = document["similarityAtLeast"]?.doubleValue.map { Float($0) }
    let rate = document["falseMatchRate"]?.doubleValue
    let measured = try await context.catalog.calibrations(in: space).first {
      $0.similarity.value == similarity && $0.falseMatchRate == rate
    }
    document["calibration"] = JSONValue(measured) { record in
      let rate = Self.rateInterval(record)
      return [
        "rateLow": .double(rate.low), "rateHigh": .double(rate.high),
        "cohort": .string(record.cohort), "comparisons": .int(record.comparisons),
        "low": JSONValue(record.low.value), "high": JSONValue(record.high.value),
      ]
    }
    return document
  }

  /// The 95 % interval of the false-match rate at the cosine: Clopper and Pearson's, from the number
  /// of false matches the rate allows; none where the rate is 3 / n, which no comparison reached.
  private static func rateInterval(_ record: CalibrationRecord) -> BinomialInterval {
    let trials = max(record.comparisons, 1)
    let count = record.falseMatchRate * Double(trials) * (1 + 1e-12)
    let isTightest = record.falseMatchRate == 3 / Double(trials)
    return BinomialInterval.clopperPearson(
      successes: isTightest ? 0 : min(trials, Int(count)), trials: trials)
  }

  /// What every certificate must say it does not say; docs/limits.md at length.
  static let limits = [
    "It is about one encoder: another may see a resemblance that this one misses.",
    "People who are not in the gallery were not looked for.",
    "The false-match rate holds for people like the calibration's cohort; pairs that share an "
      + "image are not independent, so intervals are the narrowest honest ones.",
    "The bound on missed leaks supposes that a leak resembles its person as one picture of the "
      + "cohort resembles another of the same person; a stronger change is missed more often.",
    "A leak of a part or of a style, without the identity, is not found by identity vectors.",
    "It says who signed, not that the signer's workspace held all there was to compare.",
  ]
}
