import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import LinearAlgebra
import Reporting
import VectorSearch

/// A map, with what is said of it besides.
struct MapAnswer: Sendable {
  var report: MapReport
  /// Where it goes, under the workspace's reports.
  var folder: String
  /// The space its vectors are of.
  var space: Space
  /// All that decided where the points lie.
  var parameters: JSONValue
  var history: [TSNEMap.Milestone] = []
  var remarks: [String] = []
  /// Of the nearest neighbours, on a sample; nil where all were found.
  var recall: MeasuredRecall?
  var quality: MapQuality?
}

extension ReportReading {
  /// A t-SNE map of the images in one space, or the map of `options.onto` with new images placed on it;
  /// nil where there are none.
  ///
  /// More images than the sample allows are thinned by a seeded draw, the same share of each
  /// population.
  func map(progress: any ProgressReporter) async throws -> MapAnswer? {
    guard
      let all = try await MapImages.load(
        options.space, populations: Set(Population.allCases), in: context)
    else { return nil }
    let states = try await states()
    var answer =
      try options.onto.map { try place(all, onto: SavedMap.read($0), states, progress) }
      ?? layOut(all, states, progress)
    if let line = all.leftOut { answer.remarks.append(line) }
    return answer
  }

  private func layOut(
    _ all: MapImages, _ states: MapStates, _ progress: any ProgressReporter
  ) throws -> MapAnswer {
    let chosen = all.thinned(to: options.sample, seed: context.seed)
    let unit = chosen.unit()
    var layout = options.layout
    layout.seed = context.seed
    let map = try TSNE.layout(
      unit, layout, search: NeighbourFinder(settings, share: options.neighbourShare),
      threads: context.threads, progress: progress)
    let facts = MapFacts(
      perplexity: map.perplexityUsed, iterations: map.iterations,
      klDivergence: map.klDivergence, sampledFrom: chosen.total, seed: context.seed)
    let title = "t-SNE of \(context.workspace.settings.name), \(options.space) space"
    let report = report(
      title, facts, points(chosen.images, map.points, states), placed: [:])
    return MapAnswer(
      report: report, folder: "tsne-\(options.space)", space: chosen.space,
      parameters: SavedMap.parameters(
        layout, sample: options.sample, neighbourShare: options.neighbourShare),
      history: map.history, remarks: map.remarks, recall: map.recall,
      quality: try quality(unit, map.points))
  }

  private func place(
    _ all: MapImages, onto map: SavedMap, _ states: MapStates, _ progress: any ProgressReporter
  ) throws -> MapAnswer {
    try map.check(space: all.space, paths: images.map { ($0.id, $0.path) })
    let old = all.filtered { map.points[$0] != nil }
    let known = Set(images.map(\.id))
    let unknown = all.filtered { map.points[$0] == nil && known.contains($0) }
    let new = unknown.thinned(to: options.sample, seed: context.seed)
    guard !new.images.isEmpty else {
      throw CurationError(
        .missingInput, "every image with a vector in space \(options.space) is on \(map.name)",
        hint: "index more images, or lay the map out again without --onto")
    }
    let places = old.images.compactMap { map.points[$0] }
    let (base, fresh) = (old.unit(), new.unit())
    let added = try MapPlacement.place(
      fresh, onto: places, of: base, search: ExactIndexBuilder(settings), threads: context.threads,
      progress: progress)
    let drawn = points(old.images + new.images, places + added, states)
    let count = HumanNumbers.count(new.images.count)
    let title = "\(count) images placed on \(map.name), \(options.space) space"
    var facts = map.facts
    facts.sampledFrom = all.total
    let isNew = Dictionary(uniqueKeysWithValues: new.images.map { ($0, true) })
    var answer = MapAnswer(
      report: report(title, facts, drawn, placed: isNew), folder: "\(map.name)-onto",
      space: all.space, parameters: SavedMap.parameters(placedOn: map, sample: options.sample))
    let gone = map.points.count - old.images.count
    if gone > 0 {
      answer.remarks.append("\(gone) images of \(map.name) have no vector any more: left out")
    }
    if new.images.count < unknown.total {
      answer.remarks.append(
        "\(new.images.count) of \(unknown.total) new images were drawn: --sample places more")
    }
    if options.measuresMap {
      answer.quality = try quality(
        Vectors(
          count: places.count + added.count, width: base.width, values: base.values + fresh.values),
        places + added)
    }
    return answer
  }

  private var settings: ExactSettings { ExactSettings(threads: context.threads) }

  private func quality(_ unit: Vectors, _ points: [Analysis.MapPoint]) throws -> MapQuality? {
    guard options.measuresMap else { return nil }
    var how = MapQuality.Options()
    how.seed = context.seed
    return try MapQuality.measure(unit, points, how, threads: context.threads)
  }

  /// Which images the leak search accuses.
  private func states() async throws -> MapStates {
    guard let step = try await context.catalog.latestStep(named: LeaksStep.name) else {
      return MapStates(leaks: [])
    }
    return MapStates(
      leaks: Set(try await context.catalog.leaks(step: step.key).map(\.pair.removed)))
  }

  private func points(
    _ ids: [Int64], _ places: [Analysis.MapPoint], _ states: MapStates
  ) -> [(image: ImageRecord, point: Reporting.MapPoint)] {
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    return zip(ids, places).compactMap { id, place in
      guard let image = byID[id] else { return nil }
      var point = Reporting.MapPoint(
        imageID: Int(id), x: Double(place.x), y: Double(place.y), population: image.population,
        identity: image.identityName, quarantined: image.isQuarantined, path: image.path)
      point.state = states.of(image)
      return (image, point)
    }
  }

  private func report(
    _ title: String, _ facts: MapFacts, _ drawn: [(image: ImageRecord, point: Reporting.MapPoint)],
    placed: [Int64: Bool]
  ) -> MapReport {
    var pictures: [Thumbnail] = []
    let points = drawn.map { image, point in
      var point = point
      point.isNew = placed[image.id] ?? false
      if drawn.count <= Self.mostPictured, let tile = thumbnails.tile(image) {
        pictures.append(tile.image)
        point.thumbnail = pictures.count - 1
        point.note = tile.hidden ? "hidden: a real person" : ""
      }
      return point
    }
    return MapReport(
      title: title, points: points, thumbnails: pictures, space: options.space,
      perplexity: facts.perplexity, iterations: facts.iterations,
      klDivergence: facts.klDivergence, sampledFrom: facts.sampledFrom, seed: facts.seed,
      offset: arrow(points))
  }

  /// A page with more points has no pictures: 10,000 take about 20 MB.
  private static let mostPictured = 10_000

  /// From the digital to the real population's mean place.
  private func arrow(_ points: [Reporting.MapPoint]) -> OffsetArrow? {
    func mean(_ population: Population) -> (x: Double, y: Double)? {
      let own = points.filter { $0.population == population && !$0.quarantined }
      guard !own.isEmpty else { return nil }
      let count = Double(own.count)
      return (own.reduce(0) { $0 + $1.x } / count, own.reduce(0) { $0 + $1.y } / count)
    }
    guard let from = mean(.digital), let to = mean(.real) else { return nil }
    return OffsetArrow(fromX: from.x, fromY: from.y, toX: to.x, toY: to.y)
  }
}
/// Whether images belong to the set, as a map shows it.
private struct MapStates {
  var leaks: Set<Int64>

  func of(_ image: ImageRecord) -> Reporting.MapPoint.State {
    leaks.contains(image.id) ? .leak : image.isQuarantined ? .removed : .kept
  }
}
