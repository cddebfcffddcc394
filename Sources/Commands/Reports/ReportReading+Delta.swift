import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import LinearAlgebra
import Reporting

extension ReportReading {
  /// Most images of a population that are projected; more are thinned by a seeded draw.
  private static let projectedImages = 20_000
  /// Images named at either end of Δ.
  private static let ranked = 12

  /// The Δ in force with what moves along it.
  func deltas() async throws -> [DeltaSection] {
    guard let step = try await context.catalog.latestStep(named: DeltaStep.name),
      let offset = try await context.catalog.offset(step: step.key)
    else { return [] }
    let statistics = try JSONValue(parsing: step.summary)
    func number(_ key: String) -> Double? { statistics[key]?.doubleValue }
    var section = DeltaSection(
      space: offset.space.name, from: offset.from, to: offset.to,
      fromCount: statistics["from"]?["images"]?.intValue ?? 0,
      toCount: statistics["to"]?["images"]?.intValue ?? 0, norm: number("norm") ?? 0)
    section.fromIdentities = statistics["from"]?["identities"]?.intValue
    section.toIdentities = statistics["to"]?["identities"]?.intValue
    section.normLow = number("normLow")
    section.normHigh = number("normHigh")
    section.directionDegrees = number("directionDegrees")
    section.splitHalfCosine = number("splitHalfCosine")
    section.permutationP = number("permutationP")
    section.permutations = statistics["permutations"]?.intValue ?? DeltaStep.permutations
    section.separability = number("areaUnderCurve")
    section.whitenedSeparability = number("areaUnderWhitenedCurve")
    section.tokenNorms = tokenNorms(offset, statistics["shape"])
    section.images = try await projections(on: offset)
    section.projections = histogram(section.images)
    section.spreads = spreads(section.images)
    section.gap = try await gap(offset)
    if let remark = remark(section) { section.notes.append(remark) }
    return [section]
  }

  private func remark(_ section: DeltaSection) -> String? {
    guard let cosine = section.splitHalfCosine, cosine < DeltaStep.smallestSplitHalfCosine else {
      return nil
    }
    return "The halves of this Δ disagree: more identities are needed before it is used."
  }

  /// Lengths by position of the prompt; empty in spaces of one vector per image.
  private func tokenNorms(_ offset: OffsetRecord, _ shape: JSONValue?) -> [Double] {
    guard let width = shape?[1]?.intValue, width > 0, offset.vector.count.isMultiple(of: width)
    else { return [] }
    return Vectors(
      count: offset.vector.count / width, width: width, values: offset.vector
    ).norms()
  }

  private func gap(_ offset: OffsetRecord) async throws -> DeltaSection.Gap? {
    guard let gap = try await context.gapClosure(offset) else { return nil }
    return DeltaSection.Gap(
      along: gap.along, alongLow: gap.alongLow, alongHigh: gap.alongHigh, across: gap.across,
      remaining: gap.remaining, overshoots: gap.overshoots)
  }

  /// Every image's projection, rising.
  private func projections(on offset: OffsetRecord) async throws -> [DeltaSection.Projected] {
    let norm = offset.vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > 0 else { return [] }
    let axis = Vectors(
      count: 1, width: offset.vector.count, values: offset.vector.map { Float(Double($0) / norm) })
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    var projected: [DeltaSection.Projected] = []
    for population in Population.allCases {
      guard
        let all = try await MapImages.load(
          offset.space.name, populations: [population], in: context),
        all.space.width == axis.width
      else { continue }
      let chosen = all.thinned(to: Self.projectedImages, seed: context.seed)
      for (image, score) in zip(chosen.images, chosen.unit().similarities(to: axis)) {
        guard let record = byID[image] else { continue }
        projected.append(
          DeltaSection.Projected(
            image: reference(record, false), record: image, score: Double(score)))
      }
    }
    projected.sort { ($0.score, $0.record) < ($1.score, $1.record) }
    return pictured(projected, byID)
  }

  /// With pictures at both ends; never of real people, hidden or not.
  private func pictured(
    _ projected: [DeltaSection.Projected], _ byID: [Int64: ImageRecord]
  ) -> [DeltaSection.Projected] {
    var result = projected
    for place in projected.indices
    where place < Self.ranked || place >= projected.count - Self.ranked {
      guard let record = byID[projected[place].record], !record.population.showsRealPeople else {
        continue
      }
      result[place].image = reference(record, true)
    }
    return result
  }

  private func histogram(_ images: [DeltaSection.Projected]) -> Reporting.Histogram? {
    guard let low = images.first?.score, let high = images.last?.score, high > low else {
      return nil
    }
    let populations = Population.allCases.filter { population in
      images.contains { $0.image.population == population }
    }
    return Reporting.Histogram(
      title: "Projection on Δ", axis: "unit vector · Δ / ‖Δ‖", unit: "images", lower: low,
      upper: high,
      series: populations.map { population in
        HistogramSeries(
          name: population.rawValue, role: .population(population),
          counts: counts(
            images.filter { $0.image.population == population }.map(\.score), low, high))
      })
  }

  /// How far images scatter along Δ, within and between identities.
  private func spreads(_ images: [DeltaSection.Projected]) -> [DeltaSection.Spread] {
    Population.allCases.compactMap { population in
      let own = images.filter { $0.image.population == population }
      guard !own.isEmpty else { return nil }
      // An image without identity is an identity of its own.
      let groups = Dictionary(grouping: own) { $0.image.identity ?? "\u{0}\($0.record)" }
        .values.map { $0.map(\.score) }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let means = groups.map(mean).sorted()
      let centre = mean(means)
      let squares = groups.flatMap { scores in
        let own = mean(scores)
        return scores.map { ($0 - own) * ($0 - own) }
      }.sorted()
      let free = own.count - groups.count
      return DeltaSection.Spread(
        population: population, images: own.count, identities: groups.count, mean: centre,
        between: mean(means.map { ($0 - centre) * ($0 - centre) }).squareRoot(),
        within: free > 0 ? (squares.reduce(0, +) / Double(free)).squareRoot() : nil)
    }
  }
}
