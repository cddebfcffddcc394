import Diagnostics
import Domain
import Execution
import FaceEncoding
import FaceGeneration

/// Says what `generate` will do, has it done, and says what came of it.
struct GenerateReport {
  let work: GenerateWork
  let model: InstalledModel
  let surroundings: Surroundings
  /// Seconds it took to check and open the networks.
  let loadSeconds: Double

  private var console: Console { surroundings.console }
  private var inputs: GenerateInputs { work.inputs }

  func run() throws -> ExitCode {
    if inputs.rescaled > 0 {
      console.note("\(inputs.rescaled) vectors were not of length 1 and were scaled")
    }
    try work.check()
    let settings = settings
    if surroundings.options.isDryRun { return plan() }
    try work.folder.claim(for: settings)
    sayMemory()
    let missing = work.missing().count
    if let diffusion = work.diffusion {
      surroundings.progress.begin(
        "generating", total: diffusion.steps(pictures: missing), unit: "steps")
    }
    return show(try work.run(progress: surroundings.progress))
  }

  /// Everything the pictures follow from.
  private var settings: JSONValue {
    var settings: JSONValue = nil
    if let diffusion = work.diffusion?.pipeline.settings {
      settings = [
        "scheduler": .string(diffusion.scheduler.rawValue), "steps": .int(diffusion.steps),
        "guidance": .double(diffusion.guidance),
        "strength": JSONValue(diffusion.offset) { _ in .double(diffusion.strength) },
      ]
    }
    return [
      "tool": "d2r-curate", "version": .string(Version.current),
      "model": ["name": .string(model.name), "digest": .string(model.digest)],
      "generator": .string(work.generator.digest), "settings": settings,
      "seed": .int(Int(clamping: work.seed)), "perIdentity": .int(work.repeats),
      "inputs": .object(inputs.digests.mapValues { .string($0) }),
    ]
  }

  private func plan() -> ExitCode {
    let missing = work.missing().count
    console.out(
      """
      would make \(missing) of \(work.orders) pictures with \(work.generator.name), \
      \(work.generator.preferredBatch) at once
      """)
    for line in memoryLines { console.out(line) }
    for (row, reason) in inputs.skipped.sorted(by: { $0.key < $1.key }) {
      console.out("  row \(row) \(reason)")
    }
    console.out(json: [
      "would": .int(missing), "pictures": .int(work.orders), "plan": settings,
      "memory": JSONValue(work.diffusion?.pipeline.memory.total) { .int($0) },
    ])
    return inputs.skipped.isEmpty ? .clean : .findings
  }

  private var memoryLines: [String] {
    guard let memory = work.diffusion?.pipeline.memory else { return [] }
    let parts = [
      "weights \(HumanNumbers.bytes(memory.weights))",
      "inputs and outputs \(HumanNumbers.bytes(memory.tensors))",
      "attention \(HumanNumbers.bytes(memory.attention))",
      "decoding \(HumanNumbers.bytes(memory.decoding))",
    ]
    let free = AvailableMemory.bytes()
    let left = free.map { ", \(HumanNumbers.bytes($0)) free" } ?? ""
    let line =
      """
      memory: at least \(HumanNumbers.bytes(memory.total)) (\(parts.joined(separator: ", ")))\(left)
      """
    guard let free, memory.total > free else { return [line] }
    return [line, "warning: that is more than is free; a smaller --batch needs less"]
  }

  private func sayMemory() {
    for line in memoryLines { console.note(line) }
  }

  private func show(_ outcome: GenerateWork.Outcome) -> ExitCode {
    console.out(
      """
      \(outcome.pictures) pictures in \(work.folder.path), \(outcome.made) made now\
      \(outcome.refused.isEmpty ? "" : ", \(outcome.refused.count) without one")
      """)
    let refused = outcome.refused.sorted { $0.key < $1.key }
    for (order, reason) in refused.prefix(20) {
      console.out("  \(work.folder.name(order)) (row \(order / work.repeats)): \(reason)")
    }
    if refused.count > 20 { console.out("  and \(refused.count - 20) more; see pictures.csv") }
    console.out(json: [
      "output": .string(work.folder.path), "pictures": .int(outcome.pictures),
      "made": .int(outcome.made), "generator": .string(work.generator.digest),
      "refused": .array(
        refused.map { order, reason in
          [
            "picture": .int(order), "row": .int(order / work.repeats), "reason": .string(reason),
          ]
        }),
      "seconds": .double(surroundings.watch.seconds),
      "networkSeconds": .double(outcome.networkSeconds), "loadSeconds": .double(loadSeconds),
    ])
    return outcome.refused.isEmpty ? .clean : .findings
  }
}

extension DiffusionGenerator {
  /// Steps it takes for so many pictures.
  func steps(pictures: Int) -> Int {
    let batch = max(1, preferredBatch)
    return (pictures + batch - 1) / batch * pipeline.settings.steps
  }
}
