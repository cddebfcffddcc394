public import Analysis
import Cryptography
public import Diagnostics
public import Domain
import Files
import Interchange

/// A map on disk that others can be placed on: `map.json` beside the coordinates in `map.csv`.
public struct SavedMap: Sendable {
  public static let file = "map.json"
  public static let coordinates = "map.csv"
  /// The version of `map.json`.
  public static let format = 1

  /// The folder's name.
  public var name: String
  public var space: String
  public var encoder: String
  public var facts: MapFacts
  /// SHA-256, in hex, of the parameters it was laid out with.
  public var digest: String
  /// Places and relative paths, by image id.
  public var points: [Int64: Analysis.MapPoint] = [:]
  public var paths: [Int64: String] = [:]

  /// What decides where the points of a layout lie.
  public static func parameters(_ layout: TSNEOptions, sample: Int, neighbourShare: Double)
    -> JSONValue
  {
    [
      "method": "t-SNE", "perplexity": .double(layout.perplexity),
      "iterations": .int(layout.iterations), "exaggeration": .double(layout.exaggeration),
      "exaggeratedIterations": .int(layout.exaggeratedIterations),
      "learningRate": JSONValue(layout.learningRate) { .double($0) },
      "earlyMomentum": .double(layout.earlyMomentum), "lateMomentum": .double(layout.lateMomentum),
      "principalAxes": .int(layout.principalAxes),
      "untilConverged": JSONValue(layout.tolerance) { .double($0) },
      "seed": .string("\(layout.seed)"), "sample": .int(sample),
      "neighbourShare": .double(neighbourShare),
    ]
  }

  /// What decides where new points on an old map lie.
  public static func parameters(placedOn map: SavedMap, sample: Int) -> JSONValue {
    let options = MapPlacement.Options()
    return [
      "method": "t-SNE placement", "map": .string(map.digest),
      "perplexity": .double(options.perplexity), "iterations": .int(options.iterations),
      "learningRate": .double(options.learningRate), "momentum": .double(options.momentum),
      "exaggeration": .double(options.exaggeration),
      "seed": .string("\(map.facts.seed)"), "sample": .int(sample),
    ]
  }

  /// Reads the map in a folder, or the one whose `map.json` is named.
  ///
  /// - Throws: `CurationError` where it is none, or its coordinates are not those it was saved with.
  public static func read(_ path: String) throws -> SavedMap {
    let given = Paths.absolute(path)
    let folder = Paths.lastComponent(given) == file ? Paths.parent(given) : given
    let manifest = Paths.join(folder, file)
    guard FileSystem.isFile(manifest) else {
      throw CurationError(
        .missingInput, "\(path) holds no map: there is no \(file) in it",
        hint: "name a folder that report tsne wrote, such as reports/tsne-identity")
    }
    let document = try JSONValue(parsing: FileReader.readText(manifest))
    guard var map = SavedMap(document, name: Paths.lastComponent(folder)) else {
      throw CurationError(
        .stale, "\(manifest) is no map of format \(format)",
        hint: "lay the map out again: d2r-curate report tsne")
    }
    let bytes = try FileReader.read(Paths.join(folder, coordinates))
    guard document["coordinates"]?["sha256"]?.stringValue == SHA256.hex(of: bytes) else {
      throw map.damaged("its coordinates are not those it was saved with")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    try map.take(CSVFile.parse(text, named: coordinates))
    return map
  }

  private init?(_ document: JSONValue, name: String) {
    guard document["format"]?.intValue == Self.format, document["kind"]?.stringValue == "map",
      let space = document["space"]?.stringValue, let encoder = document["encoder"]?.stringValue,
      let perplexity = document["perplexity"]?.doubleValue,
      let iterations = document["iterations"]?.intValue,
      let divergence = document["klDivergence"]?.doubleValue,
      let total = document["sampledFrom"]?.intValue,
      let seed = document["seed"]?.stringValue.flatMap({ UInt64($0) }),
      let digest = document["parametersDigest"]?.stringValue
    else { return nil }
    self.name = name
    self.space = space
    self.encoder = encoder
    self.digest = digest
    facts = MapFacts(
      perplexity: perplexity, iterations: iterations, klDivergence: divergence,
      sampledFrom: total, seed: seed)
  }

  private mutating func take(_ table: CSVTable) throws {
    guard let ids = table.column("image"), let xs = table.column("x"),
      let ys = table.column("y"), let paths = table.column("path")
    else { throw damaged("its coordinates lack a column") }
    for row in ids.indices {
      guard let id = Int64(ids[row]), let x = Float(xs[row]), let y = Float(ys[row]) else {
        throw damaged("line \(row + 2) of its coordinates has no image or no place")
      }
      points[id] = Analysis.MapPoint(x: x, y: y)
      self.paths[id] = paths[row]
    }
  }

  private func damaged(_ what: String) -> CurationError {
    CurationError(
      .stale, "map \(name): \(what)", hint: "lay the map out again: d2r-curate report tsne")
  }

  /// Refuses a map of another space, another encoder or another workspace's images.
  public func check(space asked: Space, paths known: [(id: Int64, path: String)]) throws {
    guard space == asked.name else {
      throw CurationError(
        .missingInput, "map \(name) is of space \(space), not of \(asked.name)",
        hint: "add --space \(space)")
    }
    guard encoder == asked.encoderDigest else {
      throw CurationError(
        .otherEncoder, "map \(name) is of vectors of another encoder than space \(space) has now",
        hint: "lay the map out again: d2r-curate report tsne --space \(space)")
    }
    let byID = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.path) })
    let strangers = paths.filter { id, path in
      // A path that was absolute is cut in the file, and says less.
      byID[id].map { $0 != path && !path.contains("…/") } ?? false
    }
    guard let first = strangers.keys.min() else { return }
    throw CurationError(
      .stale,
      "map \(name) is of other images: \(strangers.count) of its \(points.count) are not those of"
        + " this workspace, the first is image \(first)",
      hint: "place images on a map of the workspace they are in")
  }
}

/// How a map came to be.
public struct MapFacts: Equatable, Sendable {
  public var perplexity: Double
  public var iterations: Int
  public var klDivergence: Double
  /// Images it was drawn from.
  public var sampledFrom: Int
  public var seed: UInt64

  public init(
    perplexity: Double, iterations: Int, klDivergence: Double, sampledFrom: Int, seed: UInt64
  ) {
    self.perplexity = perplexity
    self.iterations = iterations
    self.klDivergence = klDivergence
    self.sampledFrom = sampledFrom
    self.seed = seed
  }
}
