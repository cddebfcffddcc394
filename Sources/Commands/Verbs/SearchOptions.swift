import Arguments
import Curation
import Domain
import VectorSearch

/// Options shared by the verbs that compare vectors.
enum SearchOptions {
  static let similarity = OptionSpec(
    "--similarity-at-least", value: "COSINE", help: "decide at this cosine of the identity space")
  static let rate = OptionSpec(
    "--fmr", value: "RATE", help: "decide at the cosine of this false-match rate")
  static let apply = OptionSpec(
    flag: "--apply", help: "write the proposals into the ledger: quarantine, nothing is deleted")
  static let engine = OptionSpec(
    "--engine", value: "E", help: "faiss:FACTORY, e.g. faiss:Flat (exact) or faiss:HNSW32",
    defaultText: "faiss:Flat")

  /// What the user chose, or `standard`.
  static func threshold(
    _ invocation: Invocation, or standard: ThresholdChoice
  ) throws -> ThresholdChoice {
    let similarity = try invocation.double("--similarity-at-least", in: -1...1)
    let rate = try invocation.double("--fmr", in: 1e-12...1)
    switch (similarity, rate) {
    case (nil, nil): return standard
    case (let similarity?, nil): return .similarity(CosineSimilarity(Float(similarity)))
    case (nil, let rate?): return .falseMatchRate(rate)
    default: throw invocation.usageError("give --similarity-at-least or --fmr, not both")
    }
  }

  /// The index builder the user chose.
  static func builder(
    _ invocation: Invocation, threads: Int
  ) throws -> any VectorIndexBuilder {
    let engine = invocation.string("--engine") ?? "faiss:Flat"
    guard engine.hasPrefix("faiss:") else {
      throw invocation.usageError("unknown engine \(engine): engines begin with faiss:")
    }
    return try builder(named: engine, threads: threads)
  }

  /// The index builder of a recorded name.
  static func builder(named engine: String, threads: Int) throws -> any VectorIndexBuilder {
    FaissIndexBuilder(factory: String(engine.dropFirst("faiss:".count)), threads: threads)
  }

  /// Populations named by a repeatable option, or `standard`.
  static func populations(
    _ invocation: Invocation, _ name: String, or standard: Set<Population>
  ) -> Set<Population> {
    let named = invocation.strings(name).compactMap(Population.init)
    return named.isEmpty ? standard : Set(named)
  }
}
