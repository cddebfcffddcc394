import Analysis
import Diagnostics
import Domain
import LinearAlgebra

/// Measures what bounds the leaks that were missed: genuine pairs below the threshold, images that
/// were not compared, and the recall of an engine that is not exact.
enum CertificateExposure {
  /// Images an approximate engine is tried with.
  static let recallSample = 1000
  private static let recallStream: UInt64 = 0xCE27

  static func measure(
    hits: CertificateHits, images: CertifiedImages, search: CertifiedSearch,
    index: any VectorIndex, in context: StepContext
  ) async throws -> JSONValue {
    let threshold = search.parameters["threshold"]?["similarityAtLeast"]?.doubleValue
    let floor = CosineSimilarity(Float(threshold ?? 1))
    let (cohort, genuine) = try await self.genuine(images, at: floor, in: context)
    let recall = index.isExact ? nil : try self.recall(of: index, images, seed: context.seed)
    let evidence = LeakExposure.Evidence(
      tested: images.suspects.unit.count, found: hits.imageCount, untested: images.untested,
      genuine: genuine, recall: recall)
    let exposure = LeakExposure(evidence)
    return [
      "confidence": 0.95, "undetectedAtMost": JSONValue(exposure.undetected) { .int($0) },
      "untested": .int(images.untested), "atMost": JSONValue(exposure.atMost) { .int($0) },
      "missRate": JSONValue(exposure.missRate) { bound in
        [
          "atMost": .double(bound), "pairs": .int(genuine.reduce(0) { $0 + $1.pairs }),
          "missed": .int(genuine.reduce(0) { $0 + $1.missed }),
          "identities": .int(genuine.count), "cohort": .string(cohort.rawValue),
        ]
      },
      "recall": [
        "atLeast": .double(exposure.recall),
        "tried": JSONValue(recall) { .int($0.tried) },
        "found": JSONValue(recall) { .int($0.found) },
      ],
      "rateOfFurtherAtMost": JSONValue(exposure.rateOfFurther) { .double($0) },
      "sentence": .string(sentence(exposure, evidence)),
    ]
  }

  private static func sentence(
    _ exposure: LeakExposure, _ evidence: LeakExposure.Evidence
  ) -> String {
    let tested = HumanNumbers.count(evidence.tested)
    guard let undetected = exposure.undetected else {
      return "How many leaks were missed cannot be bounded: no cohort with two pictures of one "
        + "person says how often a resemblance is missed."
    }
    let rest =
      evidence.untested == 0
      ? "every image of the set was tested"
      : "\(HumanNumbers.count(evidence.untested)) more could not be tested"
    return "At 95 % confidence at most \(HumanNumbers.count(undetected)) leaks of this kind were "
      + "missed among the \(tested) images tested; \(rest)."
  }

  /// Genuine comparisons of the first population that has any: the gallery first, since a leak is
  /// one more picture of a person in it.
  private static func genuine(
    _ images: CertifiedImages, at floor: CosineSimilarity, in context: StepContext
  ) async throws -> (Population, [LeakExposure.Genuine]) {
    let own = counts(images.gallery, at: floor)
    guard own.isEmpty else { return (images.galleryPopulation, own) }
    let others = [Population.real, .reference, .digital].filter { $0 != images.galleryPopulation }
    for population in others {
      let cohort = try await context.embedded(
        images.gallery.space.name, [population], includesQuarantined: true)
      let found = cohort.map { counts($0, at: floor) } ?? []
      if !found.isEmpty { return (population, found) }
    }
    return (images.galleryPopulation, [])
  }

  private static func counts(
    _ images: EmbeddedImages, at floor: CosineSimilarity
  ) -> [LeakExposure.Genuine] {
    var members: [Int64: [Int]] = [:]
    for (row, identity) in images.identities.enumerated() {
      if let identity { members[identity, default: []].append(row) }
    }
    return members.keys.sorted().compactMap { identity in
      let rows = members[identity] ?? []
      guard rows.count > 1 else { return nil }
      var counted = LeakExposure.Genuine(pairs: 0, missed: 0)
      for (place, first) in rows.enumerated() {
        for second in rows[(place + 1)...] {
          counted.pairs += 1
          let similarity = PlainDot.similarity(
            images.unit[row: first], images.unit[row: second])
          if !(similarity >= floor) { counted.missed += 1 }
        }
      }
      return counted
    }
  }

  /// How often the engine gives a neighbour as near as the nearest of all.
  private static func recall(
    of index: any VectorIndex, _ images: CertifiedImages, seed: UInt64
  ) throws -> LeakExposure.Recall {
    let random = CounterRandom(seed: seed, stream: recallStream)
    let count = min(recallSample, images.suspects.unit.count)
    let rows = random.shuffled(count: images.suspects.unit.count).prefix(count).sorted()
    let answers = try index.nearest(1, to: images.suspects.unit.rows(rows))
    var best: [Int: CosineSimilarity] = [:]
    for answer in answers { best[answer.query] = answer.similarity }
    var found = 0
    for (query, row) in rows.enumerated() {
      let vector = images.suspects.unit[row: row]
      let nearest = (0..<images.gallery.unit.count)
        .map { PlainDot.similarity(vector, images.gallery.unit[row: $0]) }.max()
      if let nearest, let answer = best[query], answer >= nearest { found += 1 }
    }
    return LeakExposure.Recall(tried: count, found: found)
  }
}
