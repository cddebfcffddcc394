import Analysis
import Cryptography
import Domain
import Execution
import Imaging
import LinearAlgebra

/// Has candidates generated and looked at, on several threads, in fixed blocks. What is dear is asked
/// for separately, for those candidates that are still in the race.
struct CandidateMaker: Sendable {
  let generator: any Generator
  let chain: EmbeddingChain
  let threads: Int
  /// Place of the identity space in the chain.
  let identity: Int
  /// Faces less sharp than this are not embedded.
  let sharpnessFloor: Double?

  /// A generated picture with what is known of it so far.
  struct Made: Sendable {
    /// Nil where the generator gave none.
    var picture: Picture?
    /// Nil, with a reason, where there is no face in it.
    var face: Face?
    var faceCount: Int?
    var obstacle = ""
    var sharpness = 0.0
    /// The quality network's score; nil where it was not asked for.
    var quality: Double?
    /// Why it need not be judged, though there is a face.
    var refusal: String?
    /// Raw values per space of the chain; empty where they were not asked for.
    var values: [[Float]] = []
    /// Unit vectors per space; empty likewise.
    var unit: [[Float]] = []
    /// The PNG file; nil where it was not asked for.
    var file: [UInt8]?
    var marks = KnownPictures.Marks()
  }

  /// One answer per candidate, in order, with identity vectors but for those that `refusal` gives a
  /// reason for.
  func make(
    _ candidates: [FillCandidate],
    refusal: @Sendable (FillCandidate, Made) -> String? = { _, _ in nil }
  ) throws -> [Made] {
    try Parallel.mapBlocks(
      count: candidates.count, blockSize: max(1, generator.preferredBatch), threads: threads
    ) { rows in
      try makeBlock(Array(candidates[rows]), refusal)
    }.flatMap { $0 }
  }

  /// Embeds the faces of `rows` in the spaces at `places` of the chain.
  func embed(_ made: inout [Made], rows: [Int], places: [Int]) throws {
    guard !places.isEmpty, !rows.isEmpty else { return }
    let faces = rows.map { made[$0].face }
    let size = max(1, places.map { chain.encoders[$0].preferredBatch }.max() ?? 1)
    let blocks = try Parallel.mapBlocks(count: rows.count, blockSize: size, threads: threads) {
      try chain.embed(faces[$0].compactMap { $0 }, at: places)
    }
    for (number, vectors) in blocks.enumerated() {
      let block = Array(rows[number * size..<min(rows.count, (number + 1) * size)])
      Self.set(&made, block, vectors, places)
    }
  }

  /// Has the faces of `rows` scored, each by itself, so that company changes no score.
  func score(_ made: inout [Made], rows: [Int]) throws {
    let faces = rows.map { made[$0].face }
    let scores = try Parallel.map(count: rows.count, threads: threads) { place in
      try faces[place].flatMap { try chain.scores([$0])?.first }
    }
    for (row, score) in zip(rows, scores) { made[row].quality = score }
  }

  /// Encodes the pictures of `rows` and computes what tells equal and close ones.
  func mark(_ made: inout [Made], rows: [Int]) throws {
    let pictures = rows.map { made[$0].picture }
    let marked = try Parallel.map(count: rows.count, threads: threads) {
      try pictures[$0].map { picture in
        let file = try PictureEncoder.png(picture)
        return (
          file,
          KnownPictures.Marks(
            file: SHA256.hex(of: file), pixels: picture.pixelDigest(),
            hash: picture.perceptualHash())
        )
      }
    }
    for (row, answer) in zip(rows, marked) {
      made[row].file = answer?.0
      made[row].marks = answer?.1 ?? KnownPictures.Marks()
    }
  }

  private func makeBlock(
    _ candidates: [FillCandidate], _ refusal: (FillCandidate, Made) -> String?
  ) throws -> [Made] {
    let vectors = Vectors(width: generator.input.width, rows: candidates.map(\.vector))
    let pictures = try generator.pictures(
      for: PictureOrders(vectors, seeds: candidates.map(\.seed)))
    guard pictures.count == candidates.count else {
      throw CurationError(
        .badVectors,
        "generator \(generator.name) gave \(pictures.count) pictures for \(candidates.count) orders",
        hint: "check it with: d2r-curate models verify")
    }
    var made = try pictures.map(seen)
    let clear = made.indices.filter { row in
      guard made[row].face != nil, sharpnessFloor.map({ made[row].sharpness >= $0 }) ?? true
      else { return false }
      made[row].refusal = refusal(candidates[row], made[row])
      return made[row].refusal == nil
    }
    guard !clear.isEmpty else { return made }
    let faces = clear.compactMap { made[$0].face }
    Self.set(&made, clear, try chain.embed(faces, at: [identity]), [identity])
    return made
  }

  private static func set(
    _ made: inout [Made], _ rows: [Int], _ vectors: [Vectors], _ places: [Int]
  ) {
    for (block, place) in zip(vectors, places) {
      let unit = block.unitRows().vectors
      for (number, row) in rows.enumerated() {
        made[row].values[place] = Array(block[row: number])
        made[row].unit[place] = Array(unit[row: number])
      }
    }
  }

  private func seen(_ answer: GeneratedPicture) throws -> Made {
    var made = Made()
    made.values = Array(repeating: [], count: chain.spaces.count)
    made.unit = made.values
    guard case .picture(let picture) = answer else {
      if case .none(let reason) = answer { made.obstacle = reason }
      return made
    }
    made.picture = picture
    switch try chain.finder.find(in: picture) {
    case .none(let reason): made.obstacle = reason
    case .face(let face, let count):
      made.face = face
      made.faceCount = count
      made.sharpness = face.sharpness()
    }
    return made
  }
}
