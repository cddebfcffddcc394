import Execution
import LinearAlgebra

/// Plays a campaign through with the planner that real ones use, with dice for a generator.
///
/// Knows counts only: that pictures of one identity come to repeat each other, or that a rate depends on
/// the arc, it does not know.
public struct QuotaSimulation: Sendable {
  public var planner: QuotaPlanner
  public var budget: Int?
  public var seed: UInt64

  public init(planner: QuotaPlanner, budget: Int? = nil, seed: UInt64) {
    self.planner = planner
    self.budget = budget
    self.seed = seed
  }

  /// How one play ended.
  public struct Outcome: Equatable, Sendable {
    public var calls = 0
    public var accepted = 0
    /// Pictures still missing, and identities they are missing of.
    public var shortfall = 0
    public var shortIdentities = 0
    /// Identities that were given up.
    public var stopped = 0
    /// After each plan: calls and accepted so far. Begins with none.
    public var course: [Point] = [Point(calls: 0, accepted: 0)]

    /// A point of the course.
    public struct Point: Equatable, Sendable {
      public var calls: Int
      public var accepted: Int
    }

    /// Accepted after so many calls, between the plans on a straight line.
    public func accepted(after calls: Int) -> Double {
      guard let next = course.firstIndex(where: { $0.calls >= calls }) else {
        return Double(accepted)
      }
      guard next > 0 else { return 0 }
      let (a, b) = (course[next - 1], course[next])
      let share = Double(calls - a.calls) / Double(max(1, b.calls - a.calls))
      return Double(a.accepted) + share * Double(b.accepted - a.accepted)
    }
  }

  /// One play. Whether candidate `n` of an identity is accepted depends on seed, identity and `n` alone.
  /// - Parameter rates: one per state.
  public func play(_ states: [QuotaState], rates: [Double]) -> Outcome {
    precondition(states.count == rates.count)
    var states = states
    var outcome = Outcome()
    while true {
      let plan = planner.next(states, budget: budget.map { $0 - outcome.calls })
      guard !plan.isEmpty else { break }
      for calls in plan {
        let dice = CounterRandom(seed: seed, stream: UInt64(calls.line))
        let first = states[calls.line].trials
        let accepted = (first..<first + calls.count).count {
          dice.uniform(at: UInt64($0)) < rates[calls.line]
        }
        states[calls.line].attempts += calls.count
        states[calls.line].accepted += accepted
        states[calls.line].missing -= accepted
        outcome.calls += calls.count
        outcome.accepted += accepted
      }
      outcome.course.append(.init(calls: outcome.calls, accepted: outcome.accepted))
    }
    for state in states where state.missing > 0 {
      outcome.shortfall += state.missing
      outcome.shortIdentities += 1
      if planner.isStopped(state) { outcome.stopped += 1 }
    }
    return outcome
  }

  /// `count` plays with dice and rates of their own each.
  /// - Parameter rate: the rate of a state in the play of a seed.
  public func replicates(
    _ count: Int, of states: [QuotaState], threads: Int,
    rate: @Sendable (Int, UInt64) -> Double
  ) throws -> [Outcome] {
    try Parallel.map(count: count, threads: threads) { number in
      let parent = Seed.derived(from: "simulation \(number)", parent: seed)
      let rates = states.indices.map { rate($0, Seed.derived(from: "rates", parent: parent)) }
      var simulation = self
      simulation.seed = parent
      return simulation.play(states, rates: rates)
    }
  }
}
