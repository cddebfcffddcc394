internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain
internal import Execution
internal import Files
internal import HTTPServer

/// Makes a vector of a picture, in a program of its own.
public protocol PictureEmbedding: Sendable {
  /// - Returns: the vector of the face in the picture.
  /// - Throws: an explained error where the picture cannot be read or shows no face.
  func vector(ofPictureAt path: String, space: String) async throws -> [Float]
}

/// The nearest images to an image, a vector or a picture.
struct SearchRoutes: Sendable {
  static let pictureLimit = 16 << 20

  let desk: Desk
  let search: SearchDesk
  let embedding: any PictureEmbedding

  var routes: [Route] {
    [
      Route(.post, "/api/v1/search", role: .reader, handle: find),
      Route(
        .post, "/api/v1/search/picture", role: .reader,
        body: .picture(limit: Self.pictureLimit), handle: findPicture),
    ]
  }

  private func find(_ call: RouteCall) async throws -> Reply {
    let watch = Stopwatch()
    let fields = try call.json(
      members: ["image", "vector", "space", "count", "engine", "populations"])
    var populations = Set(Population.allCases)
    if let given = try fields.strings("populations") {
      populations = Set(
        try given.map { text throws(Problem) in
          guard let population = Population(rawValue: text) else {
            throw .badField("populations", RouteCall.oneOf(Population.self))
          }
          return population
        })
      guard !populations.isEmpty else { throw Problem.badField("populations", "is empty") }
    }
    let field = SearchDesk.Field(
      space: try fields.string("space") ?? Space.identity, populations: populations,
      engine: try fields.choice("engine", SearchDesk.Engine.self) ?? .exact)
    let count = try fields.int("count", in: 1...1000) ?? 10
    let lane = try await search.lane(field)
    let vector: [Float]
    switch (try fields.int("image", in: 1...Int.max), fields["vector"]) {
    case (let image?, nil): vector = try self.vector(of: Int64(image), in: lane)
    case (nil, let given?): vector = try Self.vector(given, width: lane.rows.space.width)
    default: throw Problem.badField("image", "or 'vector' must be given, and not both")
    }
    return try await answer(vector, count, field, lane, watch)
  }

  private func findPicture(_ call: RouteCall) async throws -> Reply {
    let watch = Stopwatch()
    let field = SearchDesk.Field(
      space: try call.query("space") ?? Space.identity, populations: Set(Population.allCases),
      engine: try call.query("engine", SearchDesk.Engine.self) ?? .exact)
    let count = try call.query("count", in: 1...1000) ?? 10
    guard !call.request.body.isEmpty else { throw Problem(400, "noPicture", "the body is empty") }
    let lane = try await search.lane(field)
    let folder = try TemporaryFolder()
    try PrivateFile.create(call.request.body, at: folder("picture"))
    let raw = try await embedding.vector(ofPictureAt: folder("picture"), space: field.space)
    return try await answer(
      try Self.unit(raw, width: lane.rows.space.width), count, field, lane, watch)
  }

  private func vector(of image: Int64, in lane: SearchLane) throws(Problem) -> [Float] {
    let images = lane.rows.images
    var (low, high) = (0, images.count)
    while low < high {
      let middle = (low + high) / 2
      if images[middle] < image { low = middle + 1 } else { high = middle }
    }
    guard low < images.count, images[low] == image else {
      throw .notFound("vector of image \(image) in space \(lane.rows.space.name)")
    }
    var values: [Float] = []
    lane.rows.rows.append(low..<low + 1, to: &values)
    return values
  }

  private static func vector(_ given: JSONValue, width: Int) throws(Problem) -> [Float] {
    guard let values = given.arrayValue else { throw .badField("vector", "must be a list") }
    let numbers = values.compactMap(\.doubleValue).map { Float($0) }
    guard numbers.count == values.count else { throw .badField("vector", "must hold numbers") }
    return try unit(numbers, width: width)
  }

  /// The vector at length 1.
  private static func unit(_ numbers: [Float], width: Int) throws(Problem) -> [Float] {
    guard numbers.count == width else {
      throw .badField("vector", "has \(numbers.count) values, and the space has \(width)")
    }
    let length = numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length.isFinite, length > 0 else {
      throw .badField("vector", "has no direction: it is zero or not finite")
    }
    return numbers.map { Float(Double($0) / length) }
  }

  private func answer(
    _ vector: [Float], _ count: Int, _ field: SearchDesk.Field, _ lane: SearchLane,
    _ watch: Stopwatch
  ) async throws -> Reply {
    let found = try await lane.nearest(count, to: vector)
    let images = try await desk.catalog.images(ids: found.map(\.image))
    let faces = try await desk.realFaces()
    let hits = found.compactMap { hit -> JSONValue? in
      guard let image = images[hit.image] else { return nil }
      return [
        "image": image.document(faces), "similarity": JSONValue(hit.similarity.value),
        "falseMatchRate": FalseMatchLevels.document(lane.rows.levels, hit.similarity),
      ]
    }
    return .json([
      "space": .string(field.space), "engine": .string(field.engine.rawValue),
      "isExact": .bool(lane.index.isExact), "seconds": .double(watch.seconds),
      "hits": .array(hits),
    ])
  }
}
