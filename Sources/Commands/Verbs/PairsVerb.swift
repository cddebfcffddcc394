import Arguments
import Curation
import Diagnostics
import Domain
import Execution
import Files
import Interchange
import VectorSearch

/// `pairs ROWS [OTHERS]`
enum PairsVerb: Verb {
  static let spec = CommandSpec(
    "pairs", group: "Look after",
    summary: "find every pair of rows of .npy files at or above a similarity",
    discussion: """
      Compares the rows of ROWS with each other, or with those of OTHERS. Rows are scaled to length 1.
      The answer is complete: exactly the pairs whose float32 cosine is at or above the floor, by left
      row, then right row. The files are read as needed and everything else stays within --memory. A
      stopped run goes on where it was when the same command is given again. Needs no workspace.
      """,
    examples: [
      CommandExample(
        "d2r-curate pairs arcface.npy --similarity-at-least 0.7 --output pairs.csv",
        "all pairs within one set"),
      CommandExample(
        "d2r-curate pairs made.npy real.npy --similarity-at-least 0.5 --output leaks.npy",
        "between two sets"),
    ],
    positionals: [
      PositionalSpec("ROWS", help: "a .npy file of float rows"),
      PositionalSpec("OTHERS", help: "a second one", arity: .optional),
    ],
    options: [
      OptionSpec(
        "--similarity-at-least", value: "COSINE", help: "the floor, in -1 to 1", isRequired: true),
      OptionSpec(
        "--output", value: "FILE", help: "the .csv or .npy file to write", isRequired: true),
      SearchOptions.memory, SearchOptions.engine,
    ],
    exitCodes: "0 done\n1 done, and some rows have no direction\n2 could not finish\n64 wrong usage"
  )

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let path = invocation.positional("ROWS"), let output = invocation.string("--output"),
      let cosine = try invocation.double("--similarity-at-least", in: -1...1)
    else { throw invocation.usageError("ROWS, --similarity-at-least and --output are needed") }
    Interrupts.install()
    let other = invocation.positional("OTHERS")
    let left = try NumpyRows(path)
    let right = try other.map { try NumpyRows($0) }
    let floor = CosineSimilarity(Float(cosine))
    if let factory = try SearchOptions.faissFactory(invocation) {
      let search = ApproximatePairs(
        left: left, right: right, floor: floor, factory: factory,
        threads: surroundings.options.threads)
      return try search.run(output: output, in: surroundings)
    }
    let join = try ExactJoin(
      left, right, atLeast: floor,
      settings: try SearchOptions.settings(invocation, threads: surroundings.options.threads))
    announce(join.plan, in: surroundings)
    if surroundings.options.isDryRun { return .clean }
    let names = try ([path] + [other].compactMap { $0 }).map { try FileSystem.identity(of: $0) }
    let resumable = ResumableJoin(
      join, path: output + ".partial", of: names.joined(separator: "\n"))
    guard let answer = try resumable.run(progress: surroundings.progress) else { return .failed }
    try PairTable.write(to: output, count: answer.count, pieces: answer.pieces) { piece in
      answer.pairs(inPiece: piece).map {
        PairTable.Line(left: $0.left, right: $0.right, similarity: $0.similarity)
      }
    }
    try resumable.finish()
    let bad = try join.rowsWithoutDirection()
    show(answer, of: join.plan, bad: bad.left.count + bad.right.count, in: surroundings)
    for (name, rows) in [(path, bad.left), (other ?? "", bad.right)] where !rows.isEmpty {
      let named = rows.prefix(20).map(String.init).joined(separator: ", ")
      surroundings.console.out(
        """
        \(HumanNumbers.count(rows.count)) rows have no direction (zero or not a number) and match \
        nothing: \(named)\(rows.count > 20 ? ", …" : "") of \(Paths.lastComponent(name))
        """)
    }
    return bad.left.isEmpty && bad.right.isEmpty ? .clean : .findings
  }

  private static func announce(_ plan: JoinPlan, in surroundings: Surroundings) {
    let sides =
      plan.isWithin
      ? "\(HumanNumbers.count(plan.left)) rows with each other"
      : "\(HumanNumbers.count(plan.left)) rows with \(HumanNumbers.count(plan.right))"
    let seconds = plan.estimatedSeconds(threads: surroundings.options.threads)
    surroundings.console.note(
      """
      plan: \(sides), \(plan.width) values each: \(HumanNumbers.count(plan.pairs)) pairs; first look \
      at \(plan.depth) coordinates, \(plan.stretches) \(plan.stretches == 1 ? "pass" : "passes"); at \
      most \(HumanNumbers.bytes(plan.memory)); about \(HumanNumbers.duration(.seconds(seconds)))
      """)
  }

  private static func show(
    _ answer: JoinAnswer, of plan: JoinPlan, bad: Int, in surroundings: Surroundings
  ) {
    surroundings.console.out(
      "\(HumanNumbers.count(answer.count)) of \(HumanNumbers.count(plan.pairs)) pairs")
    surroundings.console.out(json: [
      "pairs": .int(answer.count), "compared": .int(plan.pairs), "exact": .bool(true),
      "depth": .int(plan.depth), "passes": .int(plan.stretches), "tiles": .int(plan.tiles),
      "rowsWithoutDirection": .int(bad), "resumedTiles": .int(answer.resumedTiles),
      "instructions": .string(KernelPath.best.rawValue),
      "peakMemory": JSONValue(ResidentMemory.peakBytes()) { .int($0) },
      "seconds": .double(surroundings.watch.seconds),
    ])
  }
}

/// Pairs by a faiss index, which may miss some: the answer says how many, measured on a sample.
private struct ApproximatePairs {
  let left: NumpyRows
  let right: NumpyRows?
  let floor: CosineSimilarity
  let factory: String
  let threads: Int

  func run(output: String, in surroundings: Surroundings) throws -> ExitCode {
    let queries = Self.read(left)
    let targets = right.map(Self.read) ?? queries
    let index = try FaissIndexBuilder(factory: factory, threads: threads).index(targets)
    let pairs =
      right == nil
      ? try index.pairsWithin(atLeast: floor) : try index.pairs(from: queries, atLeast: floor)
    let recall = try index.measuredRecall(of: queries, atLeast: floor)
    try PairTable.write(to: output, count: pairs.count, pieces: 1) { _ in
      pairs.map {
        PairTable.Line(
          left: UInt32($0.query), right: UInt32($0.target), similarity: $0.similarity.value)
      }
    }
    let missed = recall.map { ", \($0.text)" } ?? ""
    surroundings.console.out(
      "\(HumanNumbers.count(pairs.count)) pairs by faiss \(factory)\(missed)")
    surroundings.console.out(json: [
      "pairs": .int(pairs.count), "exact": .bool(index.isExact),
      "recall": JSONValue(recall?.share) { .double($0) },
      "recallQueries": JSONValue(recall) { .int($0.queries) },
      "seconds": .double(surroundings.watch.seconds),
    ])
    return .clean
  }

  static func read(_ rows: NumpyRows) -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(rows.count * rows.width)
    rows.append(0..<rows.count, to: &values)
    return Vectors(count: rows.count, width: rows.width, values: values)
  }
}
