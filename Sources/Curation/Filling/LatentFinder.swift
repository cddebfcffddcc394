import Analysis
import Cataloging
import Domain
import Execution
import LinearAlgebra

/// Finds, for an identity that came without one, a latent whose picture the generator gives looks
/// most like the identity: the nearest of a bank of random latents, then a search uphill from there.
struct LatentFinder {
  /// Random latents looked at first.
  static let bankSize = 1024
  /// Rounds of the search that follows, each of about 18 latents.
  static let rounds = 16
  /// Latents handled by one thread at a time.
  static let block = 16

  let generator: any Generator
  /// The chain of the identity space alone.
  let chain: EmbeddingChain
  let seed: UInt64
  let threads: Int

  /// What the identity space says of one latent each; a zero row where no face was found.
  struct Bank {
    var latents: Vectors
    var unit: Vectors
  }

  /// The same bank for the same seed and generator.
  func bank() throws -> Bank {
    let random = CounterRandom(seed: Seed.derived(from: "latent bank", parent: seed))
    let width = generator.input.width
    let latents = Vectors(
      count: Self.bankSize, width: width,
      values: random.gaussians(count: Self.bankSize * width))
    return Bank(latents: latents, unit: try unitVectors(of: latents))
  }

  /// The best latent for an identity with this prototype, and its cosine to it.
  func find(
    prototype: [Float], name: String, in bank: Bank
  ) throws -> (latent: [Float], similarity: CosineSimilarity) {
    let target = Vectors(count: 1, width: prototype.count, values: prototype)
    let similarities = target.similarities(to: bank.unit)
    let start = similarities.indices.max { (similarities[$0], $1) < (similarities[$1], $0) } ?? 0
    var options = LatentSearchOptions()
    options.seed = Seed.derived(from: "latent of \(name)", parent: seed)
    var search = LatentSearch(start: Array(bank.latents[row: start]), options: options)
    for _ in 0..<Self.rounds {
      try search.tell(target.similarities(to: try unitVectors(of: search.ask())))
    }
    let fromBank = (Array(bank.latents[row: start]), CosineSimilarity(similarities[start]))
    guard let best = search.best, best.similarity > fromBank.1 else { return fromBank }
    return best
  }

  private func unitVectors(of latents: Vectors) throws -> Vectors {
    let width = chain.spaces[0].width
    let blocks = try Parallel.mapBlocks(
      count: latents.count, blockSize: Self.block, threads: threads
    ) { rows in
      let answers = try generator.pictures(for: PictureOrders(latents: latents.rows(rows)))
      var values = [Float](repeating: 0, count: rows.count * width)
      let faces = try answers.enumerated().compactMap { index, answer -> (Int, Face)? in
        guard let picture = answer.picture else { return nil }
        guard case .face(let face, _) = try chain.finder.find(in: picture) else { return nil }
        return (index, face)
      }
      guard !faces.isEmpty else { return values }
      let embedded = try chain.embed(faces.map(\.1))[0]
      for (row, (place, _)) in faces.enumerated() {
        values.replaceSubrange(
          place * width..<(place + 1) * width, with: embedded[row: row])
      }
      return values
    }
    return Vectors(count: latents.count, width: width, values: blocks.flatMap { $0 })
      .unitRows().vectors
  }
}
