import Analysis
import Diagnostics

/// How a request is expected to end: the planner that will plan it, played with dice whose rates are
/// drawn from what is believed of each identity.
struct FillForecast {
  /// Plays a forecast is made of.
  static let plays = 20
  private let outcomes: [QuotaSimulation.Outcome]
  private let priorMean: Double
  private let isMeasured: Bool

  /// - Parameter spent: calls the request has made already.
  init(
    _ states: [QuotaState], options: FillStep.Options, spent: Int, in context: StepContext
  ) throws {
    var calls: Int?
    if case .calls(let most) = options.budget { calls = max(0, most - spent) }
    let planner = QuotaPlanner(
      chunk: CampaignSimulation.chunk(identities: states.count, calls: calls), stop: options.stop)
    let simulation = QuotaSimulation(planner: planner, budget: calls, seed: context.seed)
    let prior = planner.prior(states)
    outcomes = try simulation.replicates(Self.plays, of: states, threads: context.threads) {
      RateDraw(states[$0].belief(prior)).rate($0, seed: $1)
    }
    priorMean = prior.mean
    isMeasured = states.contains { $0.attempts + $0.earlierAttempts > 0 }
  }

  var lines: [String] {
    let ground =
      isMeasured
      ? "rates measured so far, \(HumanNumbers.decimal(priorMean, 2)) on average"
      : "no candidate was measured yet, so every rate is taken as likely"
    return [
      """
      forecast (\(ground)): \(SimulatedRange(outcomes.map(\.calls)).text) candidates, \
      \(SimulatedRange(outcomes.map(\.shortfall)).text) pictures short of \
      \(SimulatedRange(outcomes.map(\.shortIdentities)).text) identities
      """
    ]
  }

  var document: JSONValue {
    [
      "calls": SimulatedRange(outcomes.map(\.calls)).document,
      "shortfall": SimulatedRange(outcomes.map(\.shortfall)).document,
      "shortIdentities": SimulatedRange(outcomes.map(\.shortIdentities)).document,
      "meanAcceptance": .double(priorMean), "measured": .bool(isMeasured),
    ]
  }
}
