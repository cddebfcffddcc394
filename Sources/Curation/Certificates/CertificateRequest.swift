import Cataloging
import Diagnostics
import Domain

extension LeaksStep.Options {
  /// The thresholds as they were asked for; what they came to is among the step's parameters.
  var asked: JSONValue { ["threshold": threshold.document, "review": review.document] }

  /// The options a recorded leak search was run with; nil where the record cannot be read.
  init?(recorded step: StepRecord, documented: [DocumentedThreshold]) {
    guard let parameters = try? JSONValue(parsing: step.parameters),
      let summary = try? JSONValue(parsing: step.summary),
      let suspects = parameters["suspects"]?.arrayValue,
      let gallery = parameters["gallery"]?.stringValue.flatMap(Population.init),
      let space = parameters["space"]?.stringValue, let engine = parameters["engine"]?.stringValue,
      let threshold = summary["asked"]?["threshold"].flatMap(ThresholdChoice.init(document:)),
      let review = summary["asked"]?["review"].flatMap(ThresholdChoice.init(document:))
    else { return nil }
    self.init(
      suspects: Set(suspects.compactMap { $0.stringValue.flatMap(Population.init) }),
      gallery: gallery)
    self.space = space
    self.threshold = threshold
    self.review = review
    self.engine = engine
    self.documented = documented
    usesPrototypes = parameters["prototypes"]?.boolValue ?? usesPrototypes
    if let floor = parameters["registeredCorrelationAtLeast"]?.doubleValue {
      registeredCorrelation = CosineSimilarity(Float(floor))
    }
  }
}

extension ThresholdChoice {
  fileprivate var document: JSONValue {
    switch self {
    case .similarity(let similarity): ["similarityAtLeast": JSONValue(similarity.value)]
    case .falseMatchRate(let rate): ["falseMatchRate": .double(rate)]
    case .extrapolable(let rate): ["falseMatchRate": .double(rate), "extrapolated": .bool(true)]
    }
  }

  fileprivate init?(document: JSONValue) {
    if let similarity = document["similarityAtLeast"]?.doubleValue {
      self = .similarity(CosineSimilarity(Float(similarity)))
    } else if let rate = document["falseMatchRate"]?.doubleValue {
      self =
        document["extrapolated"]?.boolValue == true ? .extrapolable(rate) : .falseMatchRate(rate)
    } else {
      return nil
    }
  }
}

/// The leak search a certificate is about.
struct CertifiedSearch: Sendable {
  let record: StepRecord
  let options: LeaksStep.Options

  /// The search in force.
  /// - Throws: where there is none, or the images, thresholds or the tool have changed since.
  static func current(
    documented: [DocumentedThreshold], builder: any VectorIndexBuilder, in context: StepContext
  ) async throws -> CertifiedSearch {
    guard let record = try await context.catalog.latestStep(named: LeaksStep.name) else {
      throw CurationError(
        .missingInput, "leaks were never searched here",
        hint: "search first: d2r-curate leaks --apply")
    }
    let stale = CurationError(
      .stale, "the leak search on record is stale: images, thresholds or the tool changed since",
      hint: "search again with the same options: d2r-curate leaks --apply")
    guard let options = LeaksStep.Options(recorded: record, documented: documented) else {
      throw stale
    }
    let now = try await LeaksStep(options, builder: builder).provenance(in: context)
    guard now.key == record.key else { throw stale }
    return CertifiedSearch(record: record, options: options)
  }

  var parameters: JSONValue { (try? JSONValue(parsing: record.parameters)) ?? .null }
  var summary: JSONValue { (try? JSONValue(parsing: record.summary)) ?? .null }
}
