import Analysis
import Arguments
import Curation
import Domain
import FaceEncoding
import VectorSearch

/// `fill`
enum FillVerb: Verb {
  static let spec = CommandSpec(
    "fill", group: "Curate",
    summary: "ask the generator for what is missing and accept what passes the gates",
    discussion: """
      Every identity is filled up to the wanted number of pictures. Candidates are variations of the
      identity's latent; an identity that came without one gets the latent whose picture is nearest
      to its prototype. A generator driven by identities is asked with vectors around the prototype:
      on the arc towards one of the identity's pictures (slerp), von Mises-Fisher draws (vmf) or
      Vec2Face's noise (noise), never below the floor. Each candidate must be nearer to its own
      identity than to any other, must not leak and must not repeat a picture. Calls go where they
      buy most; an identity that almost surely cannot pass is given up. What cannot be filled is
      recorded as a shortfall, with its reason.
      --simulate rehearses a campaign with numbers alone and needs no workspace.
      """,
    examples: [
      CommandExample("d2r-curate fill --per-identity 20", "20 pictures each"),
      CommandExample("d2r-curate fill --budget 10m", "as much as ten minutes give"),
      CommandExample(
        "d2r-curate fill --simulate --identities 20000 --acceptance 0.6,0.2 --seconds-per-call 2",
        "calls, hours and shortfall to expect"),
    ],
    options: [
      OptionSpec(
        "--per-identity", value: "N", help: "pictures wanted per identity",
        defaultText: "workspace.json"),
      OptionSpec(
        "--budget", value: "N|TIME",
        help: "most candidates in total, or time for generating and judging: 600s, 10m, 2h"),
      OptionSpec(
        "--attempts-per-picture", value: "N", help: "most candidates per missing picture",
        defaultText: "6"),
      OptionSpec(
        "--fmr", value: "RATE",
        help: "a candidate leaks from the cosine of this false-match rate on",
        defaultText: "workspace.json"),
      OptionSpec(
        "--own-fmr", value: "RATE",
        help: "a candidate is its own identity from the cosine of this rate on",
        defaultText: "workspace.json"),
      OptionSpec(
        "--duplicate-fmr", value: "RATE", help: "the first key of a duplicate",
        defaultText: "workspace.json"),
      OptionSpec(
        "--variation", value: "V", help: "how identity vectors are varied", defaultText: "slerp",
        allowed: Variation.allCases.map(\.rawValue)),
      OptionSpec(
        "--floor-similarity", value: "COSINE",
        help: "cosine that varied identity vectors keep to their prototype",
        defaultText: "that of --own-fmr"),
      OptionSpec(
        "--floor-fmr", value: "RATE", help: "the same, as the cosine of a false-match rate"),
      OptionSpec(
        "--stop-below", value: "P",
        help:
          "give an identity up when its rate suffices with less than this probability; 0: never",
        defaultText: "0.02"),
      OptionSpec(
        "--arc-bins", value: "N", help: "equal parts of the arc that pictures must come from alike",
        defaultText: "1"),
      OptionSpec(
        "--pose-bins", value: "N",
        help: "equal bins of the head turn that pictures must show alike, an odd number",
        defaultText: "1"),
      OptionSpec(
        "--quality-bins", value: "N",
        help: "bins of the quality score that pictures must be in alike", defaultText: "1"),
      OptionSpec(
        "--spread", value: "HOW", help: "whether other parts and bins make up for one out of reach",
        defaultText: "prefer", allowed: ["prefer", "strict"]),
      OptionSpec(
        "--keep-rejected", value: "N", help: "refused pictures kept per identity, to look at",
        defaultText: "4"),
      SearchOptions.extrapolated,
    ] + DiffusionOptions.specs + SimulateOptions.all,
    exitCodes: "0 all quotas met\n1 a shortfall is recorded\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    if invocation.flag("--simulate") {
      return surroundings.show(try await SimulateOptions.report(invocation, in: surroundings))
    }
    let settings = try surroundings.workspace().settings
    let step = try surroundings.fillStep(
      options(invocation, settings), settings: settings,
      wish: try DiffusionOptions.wish(invocation))
    if surroundings.options.isDryRun {
      return surroundings.show(try await surroundings.withRunner { try await step.plan(in: $0) })
    }
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }

  private static func options(
    _ invocation: Invocation, _ settings: WorkspaceSettings
  ) throws -> FillStep.Options {
    var options = FillStep.Options(
      imagesPerIdentity: try invocation.int("--per-identity", in: 1...1_000_000)
        ?? settings.imagesPerIdentity, rates: settings.rates)
    options.budget = try budget(invocation)
    if let attempts = try invocation.int("--attempts-per-picture", in: 1...1000) {
      options.rates.attemptsPerPicture = attempts
    }
    options.rates.leakReview =
      try invocation.double("--fmr", in: 1e-12...1) ?? options.rates.leakReview
    options.rates.ownIdentity =
      try invocation.double("--own-fmr", in: 1e-12...1) ?? options.rates.ownIdentity
    options.rates.duplicate =
      try invocation.double("--duplicate-fmr", in: 1e-12...1) ?? options.rates.duplicate
    options.allowsExtrapolated = invocation.flag("--allow-extrapolated")
    options.variation = invocation.string("--variation").flatMap(Variation.init)
    options.floor = try floor(invocation)
    options.stop.doubt = try invocation.double("--stop-below", in: 0...0.2) ?? options.stop.doubt
    options.arcBins = try invocation.int("--arc-bins", in: 1...1000) ?? options.arcBins
    options.poseBins = try invocation.int("--pose-bins", in: 1...99) ?? options.poseBins
    options.qualityBins = try invocation.int("--quality-bins", in: 1...99) ?? options.qualityBins
    guard options.poseBins % 2 == 1 else {
      throw invocation.usageError("--pose-bins takes an odd number: the middle bin is the front")
    }
    options.isStrictSpread = invocation.string("--spread") == "strict"
    options.keptRejected =
      try invocation.int("--keep-rejected", in: 0...10_000) ?? options.keptRejected
    if options.arcBins > 1, let variation = options.variation, variation != .slerp {
      throw invocation.usageError("--arc-bins is for --variation slerp: others have no arc")
    }
    return options
  }

  static func budget(_ invocation: Invocation) throws -> FillBudget? {
    guard let text = invocation.string("--budget") else { return nil }
    guard let budget = FillBudget(text) else {
      throw invocation.usageError(
        "--budget takes a number of candidates or a time such as 600s, 10m or 2h, but was given "
          + "\"\(text)\"")
    }
    return budget
  }

  private static func floor(_ invocation: Invocation) throws -> ThresholdChoice? {
    let similarity = try invocation.double("--floor-similarity", in: -1...1)
    let rate = try invocation.double("--floor-fmr", in: 1e-12...1)
    guard similarity == nil || rate == nil else {
      throw invocation.usageError("give --floor-similarity or --floor-fmr, not both")
    }
    return similarity.map { .similarity(CosineSimilarity(Float($0))) }
      ?? rate.map { .falseMatchRate($0) }
  }
}

extension Surroundings {
  /// A fill step with the installed generator and encoders.
  func fillStep(
    _ options: FillStep.Options, settings: WorkspaceSettings, wish: DiffusionWish = DiffusionWish()
  ) throws -> FillStep {
    var options = options
    var wish = wish
    wish.threads = self.options.threads
    options.documented = installation.documentedThresholds(settings)
    try installation.requireIdentityEncoder(settings)
    return FillStep(
      options,
      parts: FillStep.Parts(
        generator: try installation.generator(settings, wish),
        chain: try installation.chain(settings, crop: .auto),
        builder: FaissIndexBuilder(threads: self.options.threads)))
  }
}
