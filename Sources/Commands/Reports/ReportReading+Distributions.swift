import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import LinearAlgebra
import Reporting

extension ReportReading {
  /// Bins of a histogram.
  static let bins = 60
  /// Most images compared pairwise for a histogram.
  private static let histogramSample = 1500

  /// Genuine and impostor similarities of the identity space, with the thresholds in force.
  func similarities() async throws -> [Reporting.Histogram] {
    guard
      let all = try await MapImages.load(
        Space.identity, populations: [.digital, .generated], in: context)
    else { return [] }
    let chosen = all.thinned(to: Self.histogramSample, seed: context.seed)
    let unit = chosen.unit()
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let labels = chosen.images.map { byID[$0]?.identity }
    var genuine: [Double] = []
    var impostor: [Double] = []
    for first in 0..<unit.count {
      let row = unit.rows([first])
      let rest = unit.rows((first + 1)..<unit.count)
      for (offset, value) in row.similarities(to: rest).enumerated() {
        let isGenuine = labels[first] != nil && labels[first] == labels[first + 1 + offset]
        if isGenuine { genuine.append(Double(value)) } else { impostor.append(Double(value)) }
      }
    }
    guard let low = (genuine + impostor).min() else { return [] }
    let lower = min(low, 0.99)
    return [
      Reporting.Histogram(
        title: "Similarity within and between identities", axis: "cosine, identity space",
        unit: "pairs", lower: lower, upper: 1,
        series: [
          HistogramSeries(name: "same identity", role: .genuine, counts: counts(genuine, lower, 1)),
          HistogramSeries(
            name: "different identities", role: .impostor, counts: counts(impostor, lower, 1)),
        ], thresholds: try await thresholds())
    ]
  }

  /// The cosines that the last search for leaks and the last for duplicates decided at.
  func thresholds() async throws -> [ThresholdMark] {
    var marks: [ThresholdMark] = []
    for (name, path, label) in [
      (LeaksStep.name, ["threshold"], "leak"), (DedupStep.name, ["identity"], "first key"),
    ] {
      guard let step = try await context.catalog.latestStep(named: name) else { continue }
      let point = path.reduce(try JSONValue(parsing: step.summary) as JSONValue?) { $0?[$1] }
      guard let cosine = point?["similarityAtLeast"]?.doubleValue else { continue }
      marks.append(
        ThresholdMark(
          value: cosine, label: label, falseMatchRate: point?["falseMatchRate"]?.doubleValue))
    }
    return marks
  }

  func counts(_ values: [Double], _ low: Double, _ high: Double) -> [Int] {
    Analysis.Histogram(of: values, from: low, to: high, bins: Self.bins).counts
  }
}
