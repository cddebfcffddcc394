public import Analysis
import Diagnostics
import Domain

/// A numbers-only rehearsal of filling: the planner of `fill` with dice for a generator.
public struct CampaignSimulation: Sendable {
  /// What is rehearsed.
  public struct Options: Equatable, Sendable {
    public var identities = 20_000
    /// Pictures each of them misses.
    public var perIdentity = 20
    public var attemptsPerPicture = 6
    public var rates: RateDraw
    /// Where the rates come from, for people.
    public var origin: String
    public var stop = StopRule.standard
    /// Most candidates in all.
    public var calls: Int?
    /// Seconds one candidate takes on one GPU.
    public var secondsPerCall: Double?
    public var gpus = 1
    public var plays = 10
    public var seed: UInt64 = 0
    public var threads = 1

    public init(rates: RateDraw, origin: String) {
      self.rates = rates
      self.origin = origin
    }
  }

  let options: Options
  let outcomes: [QuotaSimulation.Outcome]

  /// Plans of a rehearsal are larger than real ones, so that there are a few hundred of them; a tight
  /// budget still gets fifty.
  static func chunk(identities: Int, calls: Int?) -> Int {
    max(64, min(identities / 4, (calls ?? .max) / 50))
  }

  public init(_ options: Options) throws {
    self.options = options
    let planner = QuotaPlanner(
      chunk: Self.chunk(identities: options.identities, calls: options.calls), stop: options.stop)
    let simulation = QuotaSimulation(planner: planner, budget: options.calls, seed: options.seed)
    let state = QuotaState(
      missing: options.perIdentity, cap: options.perIdentity * options.attemptsPerPicture)
    let states = Array(repeating: state, count: options.identities)
    let rates = options.rates
    outcomes = try simulation.replicates(options.plays, of: states, threads: options.threads) {
      rates.rate($0, seed: $1)
    }
  }

  /// One line of the table: what so many calls come to.
  private struct BudgetRow {
    var calls: Int
    var accepted: SimulatedRange
  }

  /// Tenths of what the whole campaign takes.
  private var table: [BudgetRow] {
    let most = outcomes.map(\.calls).max() ?? 0
    return [0.1, 0.25, 0.5, 0.75, 0.9, 1].map { share in
      let calls = Int((Double(most) * share).rounded())
      return BudgetRow(
        calls: calls,
        accepted: SimulatedRange(outcomes.map { Int($0.accepted(after: calls).rounded()) }))
    }
  }

  private var wanted: Int { options.identities * options.perIdentity }

  private func hours(_ calls: Double) -> Double? {
    options.secondsPerCall.map { calls * $0 / 3600 }
  }

  public var report: StepReport {
    StepReport(FillStep.name, wasDone: false, lines: lines, document: document)
  }

  private var lines: [String] {
    let calls = SimulatedRange(outcomes.map(\.calls))
    var lines = [
      """
      \(HumanNumbers.count(options.identities)) identities x \
      \(HumanNumbers.count(options.perIdentity)) pictures, acceptance \(options.origin), \
      \(options.plays) plays
      """,
      "calls: \(calls.text)",
    ]
    if let low = hours(Double(calls.low)), let mean = hours(calls.mean),
      let high = hours(Double(calls.high))
    {
      func text(_ hours: Double) -> String { HumanNumbers.decimal(hours, 1) }
      lines.append(
        """
        GPU hours at \(HumanNumbers.decimal(options.secondsPerCall ?? 0, 3)) s per call: \
        \(text(mean)) (\(text(low)) to \(text(high))), \
        \(text(mean / Double(options.gpus))) hours on \(options.gpus) GPUs
        """)
    }
    lines += [
      """
      shortfall: \(SimulatedRange(outcomes.map(\.shortfall)).text) pictures of \
      \(SimulatedRange(outcomes.map(\.shortIdentities)).text) identities, \
      \(SimulatedRange(outcomes.map(\.stopped)).text) of them given up
      """,
      "by budget: calls, accepted, of what is wanted",
    ]
    return lines
      + table.map { row in
        """
          \(HumanNumbers.count(row.calls)): \(row.accepted.text), \
        \(HumanNumbers.percent(row.accepted.mean / Double(max(1, wanted))))
        """
      }
  }

  private var document: JSONValue {
    let calls = SimulatedRange(outcomes.map(\.calls))
    return [
      "identities": .int(options.identities), "perIdentity": .int(options.perIdentity),
      "plays": .int(options.plays), "calls": calls.document,
      "gpuHours": JSONValue(hours(calls.mean)) { .double($0) },
      "hours": JSONValue(hours(calls.mean)) { .double($0 / Double(options.gpus)) },
      "accepted": SimulatedRange(outcomes.map(\.accepted)).document,
      "shortfall": SimulatedRange(outcomes.map(\.shortfall)).document,
      "shortIdentities": SimulatedRange(outcomes.map(\.shortIdentities)).document,
      "stoppedIdentities": SimulatedRange(outcomes.map(\.stopped)).document,
      "byBudget": .array(
        table.map { row in
          [
            "calls": .int(row.calls), "accepted": row.accepted.document,
            "gpuHours": JSONValue(hours(Double(row.calls))) { .double($0) },
          ]
        }),
    ]
  }
}

/// Whole numbers of several plays: their mean and the span that 90 % of them lie in.
struct SimulatedRange: Equatable {
  let mean: Double
  let low: Int
  let high: Int

  init(_ numbers: [Int]) {
    let values = numbers.map(Double.init)
    mean = values.reduce(0, +) / Double(max(1, values.count))
    low = Int((Quantile.of(values, at: 0.05) ?? 0).rounded())
    high = Int((Quantile.of(values, at: 0.95) ?? 0).rounded())
  }

  var text: String {
    let middle = HumanNumbers.count(Int(mean.rounded()))
    return low == high
      ? middle : "\(middle) (\(HumanNumbers.count(low)) to \(HumanNumbers.count(high)))"
  }

  var document: JSONValue { ["mean": .double(mean), "low": .int(low), "high": .int(high)] }
}
