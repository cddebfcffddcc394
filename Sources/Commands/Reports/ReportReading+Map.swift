import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import LinearAlgebra
import Reporting
import VectorSearch

extension ReportReading {
  /// A t-SNE map of the images in one space; nil where there are none.
  ///
  /// More images than the sample allows are thinned by a seeded draw, the same share of each
  /// population.
  func map() async throws -> MapReport? {
    let all = Set(Population.allCases)
    guard
      let vectors = try await MapVectors.load(
        options.space, populations: all, sample: options.sample, in: context)
    else { return nil }
    var layout = TSNEOptions()
    layout.perplexity = options.perplexity
    layout.iterations = options.iterations
    layout.seed = context.seed
    let map = try TSNE.layout(
      vectors.unit, layout, search: ExactIndexBuilder(ExactSettings(threads: context.threads)),
      threads: context.threads, progress: context.progress)
    return report(map, vectors)
  }

  private func report(_ map: TSNEMap, _ vectors: MapVectors) -> MapReport {
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    var pictures: [Thumbnail] = []
    var points: [Reporting.MapPoint] = []
    for (place, id) in vectors.images.enumerated() {
      guard let image = byID[id] else { continue }
      let tile = thumbnails.tile(image)
      if let tile { pictures.append(tile.image) }
      points.append(
        Reporting.MapPoint(
          imageID: Int(id), x: Double(map.points[place].x), y: Double(map.points[place].y),
          population: image.population, identity: image.identityName,
          quarantined: image.isQuarantined,
          thumbnail: tile == nil ? nil : pictures.count - 1, path: image.path,
          note: tile?.hidden == true ? "hidden: a real person" : ""))
    }
    return MapReport(
      title: "t-SNE of \(context.workspace.settings.name), \(options.space) space", points: points,
      thumbnails: pictures, space: options.space, perplexity: map.perplexityUsed,
      iterations: map.iterations, klDivergence: map.klDivergence, sampledFrom: vectors.total,
      seed: context.seed, offset: arrow(points))
  }

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
