import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import Reporting

extension ReportReading {
  /// The strongest pair of every leaking image; one with an image before one with a prototype.
  func leaks() async throws -> [LeakRow] {
    guard let step = try await context.catalog.latestStep(named: LeaksStep.name) else { return [] }
    let summary = try JSONValue(parsing: step.summary)
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    var strongest: [Int64: LeakRecord] = [:]
    for leak in try await context.catalog.leaks(step: step.key) {
      guard let best = strongest[leak.pair.removed] else {
        strongest[leak.pair.removed] = leak
        continue
      }
      if rank(leak) > rank(best) { strongest[leak.pair.removed] = leak }
    }
    return strongest.keys.sorted().enumerated().compactMap { place, id in
      guard let leak = strongest[id], let leaking = byID[id], let other = byID[leak.pair.kept]
      else { return nil }
      let isPictured = place < Self.picturedRows
      let threshold = (leak.prototype == nil ? summary : summary["prototypes"])?["threshold"]
      var row = LeakRow(
        tier: leak.pair.tier, image: reference(leaking, isPictured),
        resembles: reference(other, isPictured), similarities: similarities(leak.pair),
        threshold: cosine(threshold), falseMatchRate: threshold?["falseMatchRate"]?.doubleValue,
        decision: decision(leaking, leak.pair))
      row.orientation = leak.orientation
      row.prototype = leak.prototype.map { "\($0.number) of \($0.of)" }
      return row
    }
  }

  /// A rejected pair says more than one to review, an image more than a prototype.
  private func rank(_ leak: LeakRecord) -> (Int, Int, Float) {
    (
      leak.pair.verdict == DecisionAction.quarantine.rawValue ? 1 : 0,
      leak.prototype == nil ? 1 : 0, leak.pair.identitySimilarity?.value ?? -1
    )
  }

  private func cosine(_ threshold: JSONValue?) -> CosineSimilarity? {
    threshold?["similarityAtLeast"]?.doubleValue.map { CosineSimilarity(Float($0)) }
  }

  /// How leaks were searched; nil before a search, or after one by a version that did not say.
  func leakSearch() async throws -> LeakSearch? {
    guard let step = try await context.catalog.latestStep(named: LeaksStep.name) else { return nil }
    let summary = try JSONValue(parsing: step.summary)
    guard let mirrored = summary["mirrored"] else { return nil }
    let prototypes = summary["prototypes"] ?? .null
    let onlyByPrototype = prototypes["onlyByPrototype"]?.intValue ?? 0
    func int(_ value: JSONValue?) -> Int { value?.intValue ?? 0 }
    func rate(_ name: String, _ part: JSONValue, _ leaks: Int, _ only: Int) -> LeakSearch.Rate {
      var rate = LeakSearch.Rate(
        name: name, comparisons: int(part["comparisons"]), leaks: leaks, onlyHere: only)
      rate.reject = cosine(part["threshold"])
      rate.rejectRate = part["threshold"]?["falseMatchRate"]?.doubleValue
      rate.quarantine = cosine(part["review"])
      rate.quarantineRate = part["review"]?["falseMatchRate"]?.doubleValue
      return rate
    }
    let bySample = int(summary["leaks"]) - onlyByPrototype
    var rates = [rate("images", summary, bySample, int(prototypes["onlyBySample"]))]
    if !prototypes.isNull {
      rates.append(rate("prototypes", prototypes, int(prototypes["leaks"]), onlyByPrototype))
    }
    let means = summary["classMeans"]
    return LeakSearch(
      rates: rates,
      classMeans: means?["of"]?.intValue.map { .init(int(means?["found"]), of: $0) },
      mirrored: .init(int(mirrored["compared"]), of: int(summary["suspects"])),
      onlyMirrored: int(mirrored["leaksOnlyMirrored"]))
  }

  /// Identity collisions; nil before a search.
  func collisions() async throws -> CollisionReport? {
    guard let step = try await context.catalog.latestStep(named: CollisionsStep.name) else {
      return nil
    }
    let summary = try JSONValue(parsing: step.summary)
    let listing = try await CollisionListing.latest(in: context)
    return CollisionReport(
      identities: summary["identities"]?.intValue ?? 0,
      budgets: [
        budget("image pairs", summary["budget"]?["images"]),
        budget("prototype pairs", summary["budget"]?["prototypes"]),
      ].compactMap { $0 },
      pairs: listing.collisions.map { collision in
        var pair = CollisionReport.Pair(
          a: listing.name(collision.a), b: listing.name(collision.b),
          imagePairs: collision.imagePairs, decidedBy: collision.decidedBy)
        pair.similarity = collision.nearest?.similarity
        pair.prototypeSimilarity = collision.prototypeSimilarity
        return pair
      },
      removals: listing.removals.map { removal in
        .init(
          identity: listing.name(removal.record.identity), degree: removal.record.degree,
          images: removal.record.images, decision: removal.isAside ? .quarantined : .proposed)
      }, isMeasuredOnItself: summary["measuredOnItself"]?.boolValue ?? false)
  }

  private func budget(_ name: String, _ part: JSONValue?) -> CollisionReport.Budget? {
    guard let part, let found = part["found"]?.intValue else { return nil }
    var budget = CollisionReport.Budget(
      name: name, found: found, comparisons: part["comparisons"]?.intValue ?? 0)
    budget.expected = part["expected"]?.doubleValue
    if let low = part["low"]?.intValue, let high = part["high"]?.intValue, low <= high {
      budget.usual = low...high
    }
    budget.threshold = cosine(part["threshold"])
    budget.falseMatchRate = part["threshold"]?["falseMatchRate"]?.doubleValue
    return budget
  }
}
