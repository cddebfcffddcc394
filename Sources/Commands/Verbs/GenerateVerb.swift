import Arguments
import Diagnostics
import Domain
import Execution
import FaceEncoding
import FaceGeneration

/// `generate`
enum GenerateVerb: Verb {
  static let spec = CommandSpec(
    "generate", group: "Curate",
    summary: "make pictures for given identity vectors, by hand and without a workspace",
    discussion: """
      X.npy holds one identity vector per row, of the encoder that the pipeline was trained with; rows
      are scaled to length 1. Who is in the picture follows from the vector, the rest from the seed, or
      from the noise that --noise gives. --delta adds an offset to the conditioning. A generator that is
      driven by latents takes latents instead.

      Pictures are numbered by row, repetitions side by side. Running the same command again makes
      only what is missing; other settings need another folder.
      """,
    examples: [
      CommandExample(
        "d2r-curate generate --identities faces.npy --per-identity 4 --output out",
        "four pictures of every identity"),
      CommandExample(
        "d2r-curate generate --identities faces.npy --delta delta.npy --strength 0.8 --output real",
        "the same with an offset in conditioning space"),
    ],
    options: [
      OptionSpec("--identities", value: "X.npy", help: "the vectors, [N, width]", isRequired: true),
      OptionSpec("--output", value: "DIR", help: "where the pictures go", isRequired: true),
      OptionSpec(
        "--model", value: "NAME", help: "the generator",
        defaultText: "the only diffusion pipeline, else the only generator"),
      OptionSpec("--per-identity", value: "N", help: "pictures per vector", defaultText: "1"),
      OptionSpec(
        "--noise", value: "N.npy",
        help: "where pictures start, [pictures, channels, height, width]",
        defaultText: "drawn from the seed"),
      OptionSpec(
        "--step-noise", value: "N.npy",
        help: "what lcm adds between steps, [steps - 1, pictures, channels, height, width]",
        defaultText: "drawn from the seed"),
      OptionSpec(flag: "--save-latents", help: "also write latents.npy, before they are decoded"),
      OptionSpec(flag: "--save-images", help: "also write images.npy, the decoder's own values"),
    ] + DiffusionOptions.specs + [
      OptionSpec(
        "--batch", value: "N", help: "pictures at once; results do not depend on it",
        defaultText: "\(DiffusionSettings.usualBatch)")
    ],
    exitCodes: "0 every picture made\n1 some rows gave none\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    Interrupts.install()
    let counter = StepCounter(surroundings.progress)
    var wish = try DiffusionOptions.wish(invocation)
    wish.threads = surroundings.options.threads
    wish.batch = try invocation.int("--batch", in: 1...1024)
    wish.monitor = DiffusionMonitor(
      shouldStop: { Interrupts.requested }, stepDone: { counter.step() })
    let model = try surroundings.installation.generatorModel(named: invocation.string("--model"))
    let watch = Stopwatch()
    let generator = try surroundings.installation.generator(model, wish)
    let loadSeconds = watch.seconds
    let work = try work(invocation, generator, surroundings)
    return try GenerateReport(
      work: work, model: model, surroundings: surroundings, loadSeconds: loadSeconds
    ).run()
  }

  private static func work(
    _ invocation: Invocation, _ generator: any Generator, _ surroundings: Surroundings
  ) throws -> GenerateWork {
    guard let identities = invocation.string("--identities"),
      let output = invocation.string("--output")
    else { throw invocation.usageError("--identities and --output are needed") }
    let repeats = try invocation.int("--per-identity", in: 1...100_000) ?? 1
    var inputs = try GenerateInputs(identities: identities, kind: generator.input.kind)
    let pictures = inputs.vectors.count * repeats
    if let path = invocation.string("--noise") { try inputs.readNoise(path, pictures: pictures) }
    if let path = invocation.string("--step-noise") {
      try inputs.readStepNoise(path, pictures: pictures)
    }
    if let path = invocation.string("--delta") {
      inputs.digests["delta"] = try GenerateInputs.digest(path)
    }
    var work = GenerateWork(
      generator: generator, inputs: inputs, folder: GenerateFolder(path: output))
    work.repeats = repeats
    work.seed = surroundings.options.seed
    work.savesLatents = invocation.flag("--save-latents")
    work.savesImages = invocation.flag("--save-images")
    let only = ["--noise", "--step-noise", "--save-latents", "--save-images"]
    if work.diffusion == nil,
      let given = only.first(where: { invocation.string($0) != nil || invocation.flag($0) })
    {
      throw invocation.usageError(
        "\(given) is for diffusion pipelines; \(generator.name) is none")
    }
    return work
  }
}
