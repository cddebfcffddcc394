import Analysis
import Arguments
import Cataloging
import Curation
import Diagnostics

/// `fill --simulate`: what is rehearsed, from the command line.
enum SimulateOptions {
  static let all = [
    OptionSpec(flag: "--simulate", help: "rehearse with numbers alone: calls, hours, shortfall"),
    OptionSpec(
      "--identities", value: "N", help: "identities of the rehearsal", defaultText: "20000"),
    OptionSpec(
      "--acceptance", value: "MEAN,SPREAD",
      help: "share of candidates accepted, and its standard deviation between identities",
      defaultText: "as measured in the workspace"),
    OptionSpec(
      "--impossible", value: "SHARE", help: "share of identities of which nothing is accepted",
      defaultText: "0"),
    OptionSpec("--seconds-per-call", value: "S", help: "time of a candidate on one GPU"),
    OptionSpec("--gpus", value: "G", help: "how many there are", defaultText: "1"),
    OptionSpec("--plays", value: "R", help: "how often it is rehearsed", defaultText: "10"),
  ]

  static func report(
    _ invocation: Invocation, in surroundings: Surroundings
  ) async throws -> StepReport {
    let acceptance = try acceptance(invocation)
    let (belief, origin) =
      if let acceptance { acceptance } else { try await measured(in: surroundings) }
    let impossible = try invocation.double("--impossible", in: 0...1) ?? 0
    var options = CampaignSimulation.Options(
      rates: RateDraw(belief, impossible: impossible),
      origin: impossible > 0
        ? "\(origin), \(HumanNumbers.percent(impossible)) impossible" : origin)
    options.identities =
      try invocation.int("--identities", in: 1...10_000_000) ?? options.identities
    options.perIdentity =
      try invocation.int("--per-identity", in: 1...100_000) ?? options.perIdentity
    options.attemptsPerPicture =
      try invocation.int("--attempts-per-picture", in: 1...1000) ?? options.attemptsPerPicture
    options.stop.doubt = try invocation.double("--stop-below", in: 0...0.2) ?? options.stop.doubt
    options.secondsPerCall = try invocation.double("--seconds-per-call", in: 1e-6...1e6)
    options.gpus = try invocation.int("--gpus", in: 1...1_000_000) ?? options.gpus
    options.plays = try invocation.int("--plays", in: 1...1000) ?? options.plays
    options.calls = try calls(invocation, options)
    options.seed = surroundings.options.seed
    options.threads = surroundings.options.threads
    return try CampaignSimulation(options).report
  }

  private static func calls(
    _ invocation: Invocation, _ options: CampaignSimulation.Options
  ) throws -> Int? {
    switch try FillVerb.budget(invocation) {
    case nil: return nil
    case .calls(let count): return count
    case .seconds(let seconds):
      guard let perCall = options.secondsPerCall else {
        throw invocation.usageError("a --budget of time needs --seconds-per-call to be rehearsed")
      }
      return Int(min(1e15, seconds / perCall * Double(options.gpus)))
    }
  }

  private static func acceptance(
    _ invocation: Invocation
  ) throws -> (AcceptanceBelief, String)? {
    guard let text = invocation.string("--acceptance") else { return nil }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0) ?? .nan
    }
    // Without a spread every identity has the same rate; a thousandth is as good as none.
    guard (1...2).contains(numbers.count),
      let belief = AcceptanceBelief(
        mean: numbers[0], deviation: max(numbers.count == 2 ? numbers[1] : 0, 1e-3))
    else {
      throw invocation.usageError(
        "--acceptance takes a mean between 0 and 1 and a spread below the square root of "
          + "mean x (1 - mean), such as 0.6,0.2, but was given \"\(text)\"")
    }
    return (belief, text)
  }

  /// What all attempts of the workspace say.
  private static func measured(
    in surroundings: Surroundings
  ) async throws -> (AcceptanceBelief, String) {
    let counts = try await surroundings.withRunner { try await $0.catalog.acceptance() }
    guard !counts.isEmpty else {
      throw CurationError(
        .missingInput, "no candidate is on record whose acceptance could be taken",
        hint: "give it: --acceptance 0.6,0.2, or fill something first")
    }
    var all = AcceptanceCounts()
    for count in counts { all.add(count.accepted, of: count.attempts) }
    let belief = all.belief()
    let mean = HumanNumbers.decimal(belief.mean, 3)
    return (
      belief,
      "\(mean), measured on \(HumanNumbers.count(all.trials)) candidates of \(counts.count) identities"
    )
  }
}
