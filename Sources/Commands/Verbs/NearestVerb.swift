import Arguments
import Curation
import Diagnostics
import Domain
import Execution
import Interchange
import VectorSearch

/// `nearest ROWS [QUERIES]`
enum NearestVerb: Verb {
  static let spec = CommandSpec(
    "nearest", group: "Look after",
    summary: "find the most similar rows of a .npy file for every row of another",
    discussion: """
      For every row of QUERIES (or of ROWS itself, where a row is its own nearest) the K rows of ROWS
      with the largest cosine, ties by row. Complete with the exact engine. Needs no workspace.
      """,
    examples: [
      CommandExample(
        "d2r-curate nearest arcface.npy queries.npy --count 10 --output nearest.csv",
        "ten for each query")
    ],
    positionals: [
      PositionalSpec("ROWS", help: "a .npy file of float rows"),
      PositionalSpec("QUERIES", help: "a second one", arity: .optional),
    ],
    options: [
      OptionSpec("--count", value: "K", help: "how many per query", defaultText: "10"),
      OptionSpec(
        "--output", value: "FILE", help: "the .csv or .npy file to write", isRequired: true),
      OptionSpec(
        flag: "--one-by-one", help: "ask one query at a time and say how long each took"),
      SearchOptions.memory, SearchOptions.engine,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let path = invocation.positional("ROWS"), let output = invocation.string("--output")
    else { throw invocation.usageError("ROWS and --output are needed") }
    let rows = try NumpyRows(path)
    let queries = try invocation.positional("QUERIES").map { try NumpyRows($0) } ?? rows
    let count = try invocation.int("--count", in: 1...10_000) ?? 10
    let threads = surroundings.options.threads
    let settings = try SearchOptions.settings(invocation, threads: threads)
    let exact = ExactIndexBuilder(settings).index(rows: rows)
    let index: any VectorIndex
    if let factory = try SearchOptions.faissFactory(invocation) {
      var all: [Float] = []
      rows.append(0..<rows.count, to: &all)
      index = try FaissIndexBuilder(factory: factory, threads: threads).index(
        Vectors(count: rows.count, width: rows.width, values: all))
    } else {
      index = exact
    }
    let asked = Asked(index: index, queries: queries, count: count)
    let answer = try asked.run(oneByOne: invocation.flag("--one-by-one"))
    try PairTable.write(to: output, count: answer.pairs.count, pieces: 1) { _ in
      answer.pairs.map {
        PairTable.Line(
          left: UInt32($0.query), right: UInt32($0.target), similarity: $0.similarity.value)
      }
    }
    let recall =
      index.isExact
      ? nil : try RecallProbe.nearest(count, of: index, queries: queries, exact: exact)
    show(answer, recall, of: queries.count, in: surroundings)
    if !answer.bad.isEmpty {
      let named = answer.bad.prefix(20).map(String.init).joined(separator: ", ")
      surroundings.console.out(
        """
        \(HumanNumbers.count(answer.bad.count)) queries have no direction (zero or not a number) and \
        no neighbours: \(named)\(answer.bad.count > 20 ? ", …" : "")
        """)
    }
    return answer.bad.isEmpty ? .clean : .findings
  }

  private static func show(
    _ answer: Asked.Answer, _ recall: MeasuredRecall?, of queries: Int,
    in surroundings: Surroundings
  ) {
    let kind = recall.map(\.text) ?? "exact"
    surroundings.console.out(
      "\(HumanNumbers.count(answer.pairs.count)) neighbours of \(HumanNumbers.count(queries)) rows, \(kind)"
    )
    if let middle = answer.milliseconds(0.5), let slow = answer.milliseconds(0.99) {
      surroundings.console.out(
        "one query: \(HumanNumbers.decimal(middle, 2)) ms in the middle, 99 % within \(HumanNumbers.decimal(slow, 2)) ms"
      )
    }
    surroundings.console.out(json: [
      "pairs": .int(answer.pairs.count), "exact": .bool(recall == nil),
      "queriesWithoutDirection": .int(answer.bad.count),
      "recall": JSONValue(recall?.share) { .double($0) },
      "p50Milliseconds": JSONValue(answer.milliseconds(0.5)) { .double($0) },
      "p99Milliseconds": JSONValue(answer.milliseconds(0.99)) { .double($0) },
      "searchSeconds": .double(answer.seconds),
      "peakMemory": JSONValue(ResidentMemory.peakBytes()) { .int($0) },
      "seconds": .double(surroundings.watch.seconds),
    ])
  }
}

/// Questions for nearest rows, with the time they took.
private struct Asked {
  let index: any VectorIndex
  let queries: NumpyRows
  let count: Int

  struct Answer {
    var pairs: [VectorPair] = []
    /// Of the search alone, without preparing the index.
    var seconds = 0.0
    /// One per query, rising; empty where they were asked together.
    var times: [Double] = []
    /// Queries without a direction.
    var bad: [Int] = []

    /// The time within which `share` of the queries were answered.
    func milliseconds(_ share: Double) -> Double? {
      guard !times.isEmpty else { return nil }
      return 1000 * times[min(times.count - 1, Int(share * Double(times.count)))]
    }
  }

  func run(oneByOne: Bool) throws -> Answer {
    var answer = Answer()
    let step = oneByOne ? 1 : 4096
    var isPrepared = false
    for start in stride(from: 0, to: queries.count, by: step) {
      let block = start..<min(queries.count, start + step)
      let all = vectors(block)
      var good: [Int] = []
      for row in 0..<all.count {
        if all[row: row].contains(where: { $0 != 0 }) {
          good.append(row)
        } else {
          answer.bad.append(start + row)
        }
      }
      guard !good.isEmpty else { continue }
      let rows = good.count == all.count ? all : all.rows(good)
      if !isPrepared {
        // The index is made at the first question, which is no part of the times.
        _ = try index.nearest(count, to: rows.rows(0..<1))
        isPrepared = true
      }
      let watch = Stopwatch()
      let found = try index.nearest(count, to: rows)
      let seconds = watch.seconds
      answer.seconds += seconds
      if oneByOne { answer.times.append(seconds) }
      answer.pairs += found.map {
        VectorPair(
          query: start + good[$0.query], target: $0.target, similarity: $0.similarity)
      }
    }
    answer.times.sort()
    return answer
  }

  private func vectors(_ range: Range<Int>) -> Vectors {
    var values: [Float] = []
    queries.append(range, to: &values)
    return Vectors(count: range.count, width: queries.width, values: values)
  }
}
