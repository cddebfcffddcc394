import Domain

/// The interactive map inside a page: controls, canvas, data, and the drawing for readers without
/// scripts.
enum MapFigure {
  /// Who gets the mouse wheel: the map always, or only once it was clicked.
  enum Wheel: String, Sendable {
    case always
    case focus
  }

  /// The scripts every page with a map needs.
  static let scripts = [PackageResources.map_model_js, PackageResources.map_js]

  static func markup(_ report: MapReport, wheel: Wheel) -> Markup {
    let templates = Population.allCases.map { population -> Markup in
      """
      <template data-shape="\(population.rawValue)">\(PageParts.shape(population))</template>
      """
    }
    return """
      <figure class="map" data-wheel="\(wheel.rawValue)">
      \(controls)
      <div class="map-stage">
      <canvas tabindex="0" role="img" aria-label="\(report.spokenSummary). \(keys)"></canvas>
      <div class="map-zoom">
      <button type="button" class="plain" data-zoom="1.5" aria-label="zoom in">+</button>
      <button type="button" class="plain" data-zoom="0.667" aria-label="zoom out">−</button>
      <button type="button" class="plain" data-zoom="0" aria-label="show everything">◻</button>
      </div>
      <p class="map-hint">\(hint(wheel))</p>
      <div class="map-card" role="status" hidden></div>
      </div>
      \(Markup.joined(templates))
      <noscript>\(still(report))</noscript>
      <figcaption>\(report.method). Near means similar; axes and distances have no unit. \
      Hollow: quarantined.\(report.offset == nil ? "" : arrowNote)</figcaption>
      <script type="application/json">\(Markup(verbatim: data(report).rendered))</script>
      </figure>
      """
  }

  /// What readers without scripts see.
  private static func still(_ report: MapReport) -> Markup {
    guard report.points.count <= mostDrawn else {
      return "<p>Scripts draw so many images; map.svg beside this page shows them too.</p>"
    }
    return SVGMap.drawing(report, standsAlone: false)
  }

  /// More points would make the page several times larger.
  private static let mostDrawn = 20_000

  private static let arrowNote = " The arrow is Δ between the population means on the map."

  private static let keys =
    "Arrow keys move, plus and minus zoom, 0 shows everything, N and P step through the images"

  private static func hint(_ wheel: Wheel) -> String {
    let rest = "shift and drag to select · keys + − 0 arrows N P"
    return switch wheel {
    case .always: "wheel or pinch to zoom · drag to move · \(rest)"
    case .focus: "click, then wheel to zoom · drag to move · \(rest)"
    }
  }

  private static let controls: Markup = """
    <div class="map-bar">
    <fieldset><legend>colour by</legend><span class="seg">
    <label><input type="radio" name="colour" value="population" checked>population</label>
    <label><input type="radio" name="colour" value="identity">identity</label>
    <label><input type="radio" name="colour" value="state">state</label>
    </span></fieldset>
    <div class="keys-list" role="group" aria-label="populations and identities shown"></div>
    <div class="states-list" role="group" aria-label="states shown"></div>
    <select class="map-identity" aria-label="identity shown">
    <option value="-1">all identities</option></select>
    <input type="search" placeholder="find identity or path" aria-label="find identity or path">
    <button type="button" class="plain map-lasso" aria-pressed="false">lasso</button>
    <button type="button" class="plain map-save">save list</button>
    <button type="button" class="plain map-clear" hidden>clear</button>
    <span class="map-selected" aria-live="polite"></span>
    <span class="map-count" aria-live="polite"></span>
    </div>
    """

  /// Columns instead of rows, names once, equal pictures once.
  private static func data(_ report: MapReport) -> JSONText {
    let points = report.pointsInDrawingOrder
    let populations = Population.allCases.filter { one in points.contains { $0.population == one } }
    let identities = Dictionary(grouping: points.compactMap(\.identity), by: \.self).keys.sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(identities, identities.indices))
    let pictures = PictureTable(report)
    let notes = points.enumerated().filter { !$0.element.note.isEmpty }
    let states = MapPoint.State.allCases.filter { one in points.contains { $0.state == one } }
    let columns: [(String, JSONText)] = [
      ("populations", .list(populations.map { .text($0.rawValue) })),
      ("states", .list(states.map { .text($0.rawValue) })),
      ("identities", .list(identities.map(JSONText.text))),
      ("id", .list(points.map { .count($0.imageID) })),
      ("x", .list(points.map { .number($0.x, decimals: 3) })),
      ("y", .list(points.map { .number($0.y, decimals: 3) })),
      ("p", .list(points.map { .count(populations.firstIndex(of: $0.population) ?? 0) })),
      ("i", .list(points.map { .count($0.identity.flatMap { places[$0] } ?? -1) })),
      ("q", .list(points.map { .count($0.quarantined ? 1 : 0) })),
      ("s", .list(points.map { .count(states.firstIndex(of: $0.state) ?? 0) })),
      ("t", .list(points.map { .count(pictures.place($0.thumbnail)) })),
      ("path", .list(points.map { .text($0.path) })),
      ("note", .object(notes.map { (String($0.offset), .text($0.element.note)) })),
      ("thumbnails", .list(pictures.addresses.map(JSONText.plain))),
      ("arrow", report.drawableArrow.map(arrow) ?? .null),
    ]
    guard report.hasNew else { return .object(columns) }
    return .object(columns + [("n", .list(points.map { .count($0.isNew ? 1 : 0) }))])
  }

  private static func arrow(_ arrow: OffsetArrow) -> JSONText {
    .list([arrow.fromX, arrow.fromY, arrow.toX, arrow.toY].map { .number($0, decimals: 3) })
  }
}

/// The pictures of a map that some drawn point shows, each once.
private struct PictureTable {
  private(set) var addresses: [String] = []
  private var placeByThumbnail: [Int: Int] = [:]

  init(_ report: MapReport) {
    var known: [String: Int] = [:]
    for index in Set(report.pointsInDrawingOrder.compactMap(\.thumbnail)).sorted()
    where report.thumbnails.indices.contains(index) {
      guard let address = DataURI.image(report.thumbnails[index]) else { continue }
      if known[address] == nil {
        known[address] = addresses.count
        addresses.append(address)
      }
      placeByThumbnail[index] = known[address]
    }
  }

  /// Where a thumbnail stands in `addresses`; -1 where it is not shown.
  func place(_ thumbnail: Int?) -> Int { thumbnail.flatMap { placeByThumbnail[$0] } ?? -1 }
}
