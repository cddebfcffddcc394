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
  static let extrapolated = OptionSpec(
    flag: "--allow-extrapolated",
    help: "let --fmr take a cosine that calibrate --extrapolate only inferred")
  static let apply = OptionSpec(
    flag: "--apply", help: "write the proposals into the ledger: quarantine, nothing is deleted")
  static let engine = OptionSpec(
    "--engine", value: "E",
    help: "exact, or faiss:FACTORY, e.g. faiss:Flat, faiss:IVF256,Flat or faiss:HNSW32",
    defaultText: "exact")
  static let memory = OptionSpec(
    "--memory", value: "SIZE", help: "what the search may hold", defaultText: "2GiB")

  /// What the user chose, or `standard`.
  static func threshold(
    _ invocation: Invocation, or standard: ThresholdChoice
  ) throws -> ThresholdChoice {
    try threshold(invocation) ?? rated(standard, invocation)
  }

  /// What the user chose; nil where nothing was said.
  static func threshold(_ invocation: Invocation) throws -> ThresholdChoice? {
    let similarity = try invocation.double("--similarity-at-least", in: -1...1)
    let rate = try invocation.double("--fmr", in: 1e-12...1)
    switch (similarity, rate) {
    case (nil, nil): return nil
    case (let similarity?, nil): return .similarity(CosineSimilarity(Float(similarity)))
    case (nil, let rate?): return rated(.falseMatchRate(rate), invocation)
    default: throw invocation.usageError("give --similarity-at-least or --fmr, not both")
    }
  }

  /// A rate with the user's word on extrapolated cosines.
  static func rated(_ choice: ThresholdChoice, _ invocation: Invocation) -> ThresholdChoice {
    guard case .falseMatchRate(let rate) = choice, invocation.flag("--allow-extrapolated") else {
      return choice
    }
    return .extrapolable(rate)
  }

  /// The index builder the user chose.
  static func builder(
    _ invocation: Invocation, threads: Int
  ) throws -> any VectorIndexBuilder {
    if let factory = try faissFactory(invocation) {
      return FaissIndexBuilder(factory: factory, threads: threads)
    }
    return ExactIndexBuilder(try settings(invocation, threads: threads))
  }

  /// faiss's factory string, where faiss was chosen.
  static func faissFactory(_ invocation: Invocation) throws -> String? {
    let engine = invocation.string("--engine") ?? "exact"
    if engine == "exact" { return nil }
    guard engine.hasPrefix("faiss:") else {
      throw invocation.usageError("unknown engine \(engine): give exact or faiss:FACTORY")
    }
    return String(engine.dropFirst("faiss:".count))
  }

  /// How the exact engine may run.
  static func settings(_ invocation: Invocation, threads: Int) throws -> ExactSettings {
    ExactSettings(
      threads: threads,
      memory: try invocation.byteCount("--memory") ?? ExactSettings.standardMemory)
  }

  /// The index builder of a recorded name.
  static func builder(named engine: String, threads: Int) throws -> any VectorIndexBuilder {
    guard engine.hasPrefix("faiss:") else {
      return ExactIndexBuilder(ExactSettings(threads: threads))
    }
    return FaissIndexBuilder(factory: String(engine.dropFirst("faiss:".count)), threads: threads)
  }

  /// Populations named by a repeatable option, or `standard`.
  static func populations(
    _ invocation: Invocation, _ name: String, or standard: Set<Population>
  ) -> Set<Population> {
    let named = invocation.strings(name).compactMap(Population.init)
    return named.isEmpty ? standard : Set(named)
  }
}
