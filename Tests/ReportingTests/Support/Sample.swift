import Domain
import Reporting

/// A made-up workspace of any size, the same every time.
struct Sample {
  var pointCount: Int
  var identityCount: Int
  var pairCount: Int
  /// Encoded pictures to show; real people are to be unrecognisable already.
  var pictures: [Population: [[UInt8]]]
  private var dice = Dice(seed: 7)

  init(
    pointCount: Int, identityCount: Int, pairCount: Int, pictures: [Population: [[UInt8]]]
  ) {
    self.pointCount = pointCount
    self.identityCount = identityCount
    self.pairCount = pairCount
    self.pictures = pictures
  }

  mutating func map() -> MapReport {
    let thumbnails = Population.allCases.flatMap { pictures[$0] ?? [] }
    var starts: [Population: Int] = [:]
    for population in Population.allCases {
      starts[population] = starts.values.reduce(0, max) + 0
    }
    var first = 0
    for population in Population.allCases {
      starts[population] = first
      first += pictures[population]?.count ?? 0
    }
    let centres = (0..<max(1, identityCount)).map { _ in (dice.bell() * 26, dice.bell() * 18) }
    let points = (0..<pointCount).map { place -> MapPoint in
      let share = Double(place) / Double(max(1, pointCount))
      let population: Population =
        share < 0.46 ? .digital : share < 0.78 ? .real : share < 0.96 ? .generated : .reference
      let identity = dice.below(max(1, identityCount))
      let shift =
        switch population {
        case .digital: (-34.0, 6.0)
        case .real, .reference: (30.0, -8.0)
        case .generated: (24.0, -2.0)
        }
      let count = pictures[population]?.count ?? 0
      return MapPoint(
        imageID: 1000 + place,
        x: centres[identity].0 * 0.6 + shift.0 + dice.bell() * 1.9,
        y: centres[identity].1 + shift.1 + dice.bell() * 1.9,
        population: population,
        identity: population == .reference ? nil : name(identity, population),
        quarantined: dice.roll() < 0.03,
        thumbnail: count > 0 ? (starts[population] ?? 0) + place % count : nil,
        path: "\(name(identity, population))/\(place % 20).png")
    }
    return MapReport(
      title: "Identity space, before and after fill", points: points, thumbnails: thumbnails,
      space: "identity", perplexity: 30, iterations: 750, klDivergence: 0.8473,
      sampledFrom: max(pointCount, 12_480), seed: 7,
      offset: OffsetArrow(fromX: -34, fromY: 6, toX: 30, toY: -8))
  }

  private func name(_ identity: Int, _ population: Population) -> String {
    let digits = String(identity + 1)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return (population == .real ? "person-" : "id-") + padded
  }

  private func tile(_ population: Population, _ place: Int, _ alt: String) -> PictureTile? {
    guard let all = pictures[population], !all.isEmpty else { return nil }
    return PictureTile(
      bytes: all[place % all.count], alt: alt, isReal: population.showsRealPeople,
      hidden: population.showsRealPeople)
  }

  private func image(_ population: Population, _ identity: Int, _ place: Int) -> ImageReference {
    let path = "\(name(identity, population))/\(place % 20).png"
    return ImageReference(
      path: path, population: population, identity: name(identity, population),
      tile: tile(population, place, "\(population.rawValue) picture \(path)"))
  }

  private mutating func curve(_ middle: Double, _ spread: Double, _ total: Int) -> [Int] {
    (0..<60).map { bin in
      let z = (-0.4 + 1.4 * (Double(bin) + 0.5) / 60 - middle) / spread
      let height = 1 / (1 + z * z / 4)
      return Int(Double(total) / 30 * height * height * height * (0.94 + 0.12 * dice.roll()))
    }
  }

  mutating func report() -> SummaryReport {
    var report = SummaryReport(
      workspace: "digiface-small", findingCount: 3,
      provenance: Provenance(
        toolVersion: "d2r-curate 1.0.0", seed: 7,
        digests: [
          NamedValue("identity encoder", String(repeating: "3fa9", count: 16)),
          NamedValue("image encoder", String(repeating: "b07c", count: 16)),
          NamedValue("catalog content", String(repeating: "91d2", count: 16)),
        ],
        parameters: [
          NamedValue("false-match rate", "1e-4"), NamedValue("images per identity", "20"),
          NamedValue("perplexity", "30"), NamedValue("near-duplicate similarity", "0.92"),
        ]))
    report.keyNumbers = [
      KeyNumber(label: "images", value: "12,480", note: "in 4 populations"),
      KeyNumber(label: "identities", value: "624", note: "600 at quota"),
      KeyNumber(label: "duplicates", value: "118", note: "all quarantined"),
      KeyNumber(label: "leaks", value: "7", note: "at FMR 1e-4"),
      KeyNumber(label: "generated", value: "2,310", note: "of 2,904 attempts"),
      KeyNumber(label: "shortfall", value: "31", note: "24 identities"),
    ]
    report.planted = [
      PlantedRow(name: "exact duplicates", planted: 40, found: 40, extra: 0),
      PlantedRow(name: "near-duplicates", planted: 60, found: 58, extra: 1, note: "2 heavy crops"),
      PlantedRow(name: "leaks", planted: 6, found: 6, extra: 1, note: "look-alikes in FFHQ"),
    ]
    fillIndex(&report)
    report.map = map()
    fillDelta(&report)
    fillPairs(&report)
    fillQuotas(&report)
    report.findings = [
      AuditFinding(
        rule: "quota-is-met", severity: .failure, subject: "id-0007",
        message: "identity id-0007 has 14 of 20 images"),
      AuditFinding(
        rule: "no-leaks", severity: .failure, subject: "id-0003/4.png",
        message: "similarity 0.712 to a reference image is at or above 0.640"),
      AuditFinding(
        rule: "one-face-per-image", severity: .warning, subject: "id-0019/2.png",
        message: "the detector saw 2 faces"),
      AuditFinding(
        rule: "cohort-is-large-enough", severity: .note, subject: "",
        message: "120,000 impostor pairs resolve false-match rates down to 2.5e-5"),
    ]
    return report
  }

  private mutating func fillIndex(_ report: inout SummaryReport) {
    report.populations = [
      PopulationRow(
        population: .digital, images: 6200, identities: 310, rejected: 4, quarantined: 81),
      PopulationRow(
        population: .real, images: 3800, identities: 290, rejected: 11, quarantined: 30),
      PopulationRow(
        population: .generated, images: 2310, identities: 310, rejected: 0, quarantined: 7),
      PopulationRow(
        population: .reference, images: 170, identities: 0, rejected: 0, quarantined: 0,
        note: "leak gallery, templates only"),
    ]
    report.rejected = [
      RejectedFile(
        path: "id-0004/9.png", population: .digital,
        reason: "the file ends after 1,204 of 38,112 bytes"),
      RejectedFile(
        path: "person-0031/2.jpg", population: .real, reason: "no face was found"),
    ]
    report.spaces = [
      SpaceRow(
        space: Space(
          name: "identity", width: 512, encoderDigest: String(repeating: "3fa9", count: 16)),
        encoder: "facenet-vggface2", vectors: 12_480),
      SpaceRow(
        space: Space(
          name: "image", width: 1280, encoderDigest: String(repeating: "b07c", count: 16)),
        encoder: "efficientnet-lite0", vectors: 12_480),
    ]
  }

  private mutating func fillDelta(_ report: inout SummaryReport) {
    report.deltas = [
      DeltaSection(
        space: "image", from: .digital, to: .real, fromCount: 6119, toCount: 3770, norm: 0.412,
        normLow: 0.405, normHigh: 0.419, splitHalfCosine: 0.994, permutationP: 0.001,
        permutations: 1000, separability: 0.987,
        projections: Histogram(
          title: "Projections on Δ, image space", axis: "projection on Δ", unit: "images",
          lower: -0.4, upper: 1,
          series: [
            HistogramSeries(
              name: "digital", role: .population(.digital), counts: curve(0.05, 0.1, 6119)),
            HistogramSeries(name: "real", role: .population(.real), counts: curve(0.5, 0.12, 3770)),
            HistogramSeries(
              name: "generated", role: .population(.generated), counts: curve(0.42, 0.09, 2303)),
          ]),
        notes: ["Δ is mean(real) − mean(digital), each identity weighing the same."])
    ]
    report.similarities = [
      Histogram(
        title: "Similarities in the identity space", axis: "cosine similarity", unit: "pairs",
        lower: -0.4, upper: 1,
        series: [
          HistogramSeries(name: "impostor", role: .impostor, counts: curve(0.06, 0.12, 120_000)),
          HistogramSeries(name: "genuine", role: .genuine, counts: curve(0.69, 0.1, 21_000)),
          HistogramSeries(
            name: "leak candidates", role: .leakCandidate, counts: curve(0.5, 0.16, 240)),
        ],
        thresholds: [
          ThresholdMark(value: 0.64, label: "leak", falseMatchRate: 1e-4),
          ThresholdMark(value: 0.48, label: "own identity", falseMatchRate: 1e-3),
        ]),
      Histogram(
        title: "Similarities in the image space", axis: "cosine similarity", unit: "pairs",
        lower: -0.4, upper: 1,
        series: [
          HistogramSeries(name: "impostor", role: .impostor, counts: curve(0.31, 0.14, 120_000)),
          HistogramSeries(name: "genuine", role: .genuine, counts: curve(0.55, 0.12, 21_000)),
        ],
        thresholds: [ThresholdMark(value: 0.92, label: "near-duplicate")]),
    ]
  }

  private mutating func fillPairs(_ report: inout SummaryReport) {
    report.duplicates = (0..<pairCount).map { place in
      let population: Population = place % 5 == 4 ? .real : .digital
      let identity = dice.below(max(1, identityCount))
      let isExact = place % 3 == 0
      return DuplicateRow(
        tier: isExact ? "exact" : "near", kept: image(population, identity, place),
        removed: image(population, identity, place + 7),
        similarities: isExact
          ? []
          : [
            SpaceSimilarity(space: "identity", similarity: .init(Float(0.9 + 0.09 * dice.roll()))),
            SpaceSimilarity(space: "image", similarity: .init(Float(0.92 + 0.07 * dice.roll()))),
          ],
        mirrored: place % 11 == 5, decision: place % 9 == 8 ? .restored : .quarantined)
    }
    report.leaks = (0..<min(7, pairCount)).map { place in
      LeakRow(
        tier: place == 6 ? "collision" : "reference", image: image(.generated, place, place),
        resembles: place == 6 ? image(.generated, 9, 3) : image(.reference, place + 40, place),
        similarities: [
          SpaceSimilarity(space: "identity", similarity: .init(Float(0.65 + 0.1 * dice.roll()))),
          SpaceSimilarity(space: "image", similarity: .init(Float(0.3 + 0.4 * dice.roll()))),
        ],
        threshold: CosineSimilarity(0.64), falseMatchRate: 1e-4, decision: .proposed)
    }
  }

  private mutating func fillQuotas(_ report: inout SummaryReport) {
    report.quotas = (0..<identityCount).map { place in
      let had = 5 + dice.below(16)
      let missing = max(0, 20 - had)
      let shortfall = place % 13 == 6 ? min(missing, 1 + dice.below(5)) : 0
      return QuotaRow(
        identity: name(place, .digital), wanted: 20, had: had, accepted: missing - shortfall,
        attempts: missing + dice.below(9), shortfall: shortfall,
        reason: shortfall > 0 ? "8 candidates in a row fell below the own-identity threshold" : "")
    }
    report.generated = (0..<min(24, identityCount)).compactMap { place in
      tile(.generated, place, "generated picture of \(name(place, .digital))")
    }
  }
}
