import Analysis
import Cataloging
import Diagnostics
import Domain
import LinearAlgebra

/// Reads the dataset as it stands into the summary that audit rules look at.
struct DatasetReading {
  /// Below this variance of the Laplacian, in squared grey levels on the 112 x 112 crop, a face
  /// counts as blurred.
  static let smallestSharpness = 20.0

  let options: AuditStep.Options
  let builder: any VectorIndexBuilder
  let context: StepContext

  private var catalog: Catalog { context.catalog }

  func summary() async throws -> DatasetSummary {
    var summary = DatasetSummary()
    // A sampled identity's vector is no picture, and asks for none of a picture's records.
    let sampled = try await context.sampledImages()
    let images = try await catalog.images(ImageFilter(includesQuarantined: true))
      .filter { !sampled.contains($0.id) }
    let inForce = images.filter { !$0.isQuarantined }
    summary.populations = try await populations(inForce)
    summary.spaces = try await spaces(inForce)
    summary.calibrations = try await calibrations()
    summary.offset = try await offset()
    summary.quarantined = try await quarantined()
    summary.unresolvedDuplicates = try await unresolved(step: DedupStep.name, images)
    summary.unresolvedLeaks = try await unresolved(step: LeaksStep.name, images)
    summary.collisions = try await collisions(inForce)
    summary.generated = try await gateRecords(inForce)
    try await measureIdentities(into: &summary, inForce)
    return summary
  }

  private func populations(_ images: [ImageRecord]) async throws -> [PopulationSummary] {
    let outcomes = try await catalog.counts().outcomes
    return Population.allCases.compactMap { population in
      let own = images.filter { $0.population == population }
      let files = outcomes.filter { $0.population == population && $0.outcome != .missing }
      guard !own.isEmpty || !files.isEmpty else { return nil }
      let rejected = files.filter { $0.outcome == .rejected }.reduce(0) { $0 + $1.files }
      var summary = PopulationSummary(
        population, images: own.count, identities: Set(own.compactMap(\.identity)).count,
        files: population == .generated ? own.count : files.reduce(0) { $0 + $1.files },
        rejectedFiles: rejected)
      let sharpness = own.compactMap(\.facts.sharpness)
      summary.measuredSharpness = sharpness.count
      summary.blurred = sharpness.count { $0 < Self.smallestSharpness }
      return summary
    }
  }

  private func spaces(_ images: [ImageRecord]) async throws -> [SpaceSummary] {
    let pictures = images.filter { $0.facts.digest != nil }
    let everything = Set(pictures.map(\.id))
    let own = Set(pictures.filter { !$0.population.showsRealPeople }.map(\.id))
    var summaries: [SpaceSummary] = []
    for space in try await catalog.spaces() {
      let embedded = try await catalog.embeddedImages(in: space)
      guard !embedded.isEmpty else { continue }
      // Only the set's own images are embedded mirrored.
      let withPicture = space.name == Space.mirroredIdentity ? own : everything
      summaries.append(
        SpaceSummary(
          name: space.name, encoderDigest: space.encoderDigest,
          embedded: embedded.intersection(withPicture).count, expected: withPicture.count))
    }
    return summaries
  }

  private func calibrations() async throws -> [CalibrationSummary] {
    var summaries: [CalibrationSummary] = []
    for space in try await catalog.spaces() {
      summaries += try await catalog.calibrations(in: space).map { record in
        CalibrationSummary(
          space: space.name, encoderDigest: space.encoderDigest,
          falseMatchRate: record.falseMatchRate, similarity: record.similarity.value,
          comparisons: record.comparisons)
      }
    }
    return summaries
  }

  private func offset() async throws -> OffsetSummary? {
    guard let step = try await catalog.latestStep(named: DeltaStep.name) else { return nil }
    let statistics = try JSONValue(parsing: step.summary)
    func number(_ key: String) -> Double { statistics[key]?.doubleValue ?? .nan }
    return OffsetSummary(
      space: statistics["space"]?.stringValue ?? "", norm: number("norm"),
      splitHalfCosine: number("splitHalfCosine"), permutationP: number("permutationP"))
  }

  private func quarantined() async throws -> [QuarantineSummary] {
    let decisions = try await catalog.quarantined()
    return Dictionary(grouping: decisions, by: \.decision.rule)
      .map { QuarantineSummary(rule: $0.key, images: $0.value.count) }
      .sorted { $0.rule < $1.rule }
  }

  /// Pairs of the step in force of which neither image was put aside, nor kept by a person, and that
  /// no person calls different.
  private func unresolved(
    step name: String, _ images: [ImageRecord]
  ) async throws -> [UnresolvedPair] {
    guard let step = try await catalog.latestStep(named: name) else { return [] }
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let standing = try await catalog.standing()
    let kept = standing.keptByPersons
    return try await catalog.pairs(step: step.key).compactMap { pair in
      guard let first = byID[pair.kept], let second = byID[pair.removed],
        pair.verdict == PairVerdict.quarantine.rawValue, !second.isQuarantined,
        pair.kind == .leak || !first.isQuarantined,
        !kept.contains(pair.removed),
        standing.difference(pair.kept, pair.removed) == nil
      else { return nil }
      return UnresolvedPair(
        kept: first.path, removed: second.path, similarity: pair.identitySimilarity?.value)
    }
  }

  private func gateRecords(_ images: [ImageRecord]) async throws -> [GateRecord] {
    var attempts: [Int64: AttemptRecord] = [:]
    for step in try await catalog.steps() where step.name == FillStep.name {
      for attempt in try await catalog.attempts(request: step.key) {
        if let image = attempt.image { attempts[image] = attempt }
      }
    }
    return images.filter { $0.population == .generated }.map { image in
      let measured = attempts[image.id]?.similarities
      return GateRecord(
        image: image.path, identity: image.identityName ?? "", own: measured?.own?.value,
        nearestOther: measured?.other?.value, leak: measured?.leak?.value)
    }
  }
}
