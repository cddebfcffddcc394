import Domain
import Execution
import LinearAlgebra

/// Has candidates generated and embedded, on several threads, in fixed blocks.
struct CandidateMaker: Sendable {
  let generator: any Generator
  let chain: EmbeddingChain
  let threads: Int

  /// A generated picture with what the encoders see in it.
  struct Made: Sendable {
    /// Nil where the generator gave none.
    var picture: Picture?
    /// Nil, with a reason, where there is no face in it.
    var face: Face?
    var faceCount: Int?
    var obstacle = ""
    var sharpness = 0.0
    /// Raw values per space of the chain, empty without a face.
    var values: [[Float]] = []
    /// Unit vectors per space.
    var unit: [[Float]] = []
  }

  /// One answer per candidate, in order.
  func make(_ candidates: [FillCandidate]) throws -> [Made] {
    try Parallel.mapBlocks(
      count: candidates.count, blockSize: max(1, generator.preferredBatch), threads: threads
    ) { rows in
      try makeBlock(Array(candidates[rows]))
    }.flatMap { $0 }
  }

  private func makeBlock(_ candidates: [FillCandidate]) throws -> [Made] {
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
    let withFace = made.indices.filter { made[$0].face != nil }
    guard !withFace.isEmpty else { return made }
    for block in try chain.embed(withFace.compactMap { made[$0].face }) {
      let unit = block.unitRows().vectors
      for (row, place) in withFace.enumerated() {
        made[place].values.append(Array(block[row: row]))
        made[place].unit.append(Array(unit[row: row]))
      }
    }
    return made
  }

  private func seen(_ answer: GeneratedPicture) throws -> Made {
    guard case .picture(let picture) = answer else {
      if case .none(let reason) = answer { return Made(obstacle: reason) }
      return Made()
    }
    switch try chain.finder.find(in: picture) {
    case .none(let reason): return Made(picture: picture, obstacle: reason)
    case .face(let face, let count):
      return Made(
        picture: picture, face: face, faceCount: count, sharpness: face.sharpness())
    }
  }
}
