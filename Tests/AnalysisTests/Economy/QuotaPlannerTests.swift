import Analysis
import LinearAlgebra
import Testing

@Suite struct QuotaPlannerTests {
  private let planner = QuotaPlanner()

  private func states(_ count: Int, missing: Int = 10, price: Int = 6) -> [QuotaState] {
    (0..<count).map { _ in QuotaState(missing: missing, cap: missing * price) }
  }

  /// Two in five identities are easy, two are hard, one is impossible.
  private func rates(_ count: Int) -> [Double] {
    (0..<count).map { [0.9, 0.05, 0.8, 0.1, 0][$0 % 5] }
  }

  private func settle(_ states: inout [QuotaState], _ plan: [QuotaCalls], _ rates: [Double]) {
    for calls in plan {
      let dice = CounterRandom(seed: 6, stream: UInt64(calls.line))
      let first = states[calls.line].attempts
      let accepted = (first..<first + calls.count).count {
        dice.uniform(at: UInt64($0)) < rates[calls.line]
      }
      states[calls.line].attempts += calls.count
      states[calls.line].accepted += accepted
      states[calls.line].missing -= accepted
    }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 500, 1_000_000])
  func `the budget and the caps are never exceeded, and nobody gets more than is missing`(
    budget: Int
  ) {
    var states = states(40)
    let rates = rates(40)
    var spent = 0
    while case let plan = planner.next(states, budget: budget - spent), !plan.isEmpty {
      #expect(plan.allSatisfy { $0.count > 0 && $0.count <= states[$0.line].missing })
      #expect(Set(plan.map(\.line)).count == plan.count)
      #expect(plan.reduce(0) { $0 + $1.count } <= 64)
      settle(&states, plan, rates)
      spent += plan.reduce(0) { $0 + $1.count }
      #expect(states.allSatisfy { $0.attempts <= $0.cap && $0.missing >= 0 })
    }
    #expect(spent <= budget)
    #expect(budget > 500 || spent == budget)
  }

  @Test func `cut off after any plan, the rest is the same`() {
    var calm = states(30)
    let rates = rates(30)
    var plans: [[QuotaCalls]] = []
    while case let plan = planner.next(calm), !plan.isEmpty {
      plans.append(plan)
      settle(&calm, plan, rates)
    }
    for cut in plans.indices {
      var resumed = states(30)
      for plan in plans.prefix(cut) { settle(&resumed, plan, rates) }
      #expect(planner.next(resumed) == plans[cut], "cut after plan \(cut)")
    }
  }

  @Test func `a budget only cuts the plan short`() {
    let states = states(30)
    let whole = planner.next(states).flatMap { Array(repeating: $0.line, count: $0.count) }
    for budget in 0...64 {
      let part = planner.next(states, budget: budget)
        .flatMap { Array(repeating: $0.line, count: $0.count) }
      #expect(part == Array(whole.prefix(budget)))
    }
  }

  @Test func `without a budget every identity is filled, tried up to its cap, or stopped`() {
    var all = states(50)
    let rates = rates(50)
    while case let plan = planner.next(all), !plan.isEmpty { settle(&all, plan, rates) }
    for (index, state) in all.enumerated() {
      let isStopped = planner.isStopped(state)
      #expect(state.missing == 0 || state.attempts == state.cap || isStopped)
      #expect(rates[index] < 0.5 || state.missing == 0)
      if rates[index] == 0 {
        #expect(isStopped && state.attempts < 36, "\(state.attempts) of \(state.cap) calls")
      }
    }
  }

  @Test func `under a tight budget it fills far more than taking turns`() {
    let count = 100
    let rates = rates(count)
    for budget in [300, 600, 900] {
      let simulation = QuotaSimulation(planner: planner, budget: budget, seed: 21)
      let planned = simulation.play(states(count), rates: rates)
      var turns = states(count)
      var spent = 0
      while spent < budget {
        for line in turns.indices where turns[line].missing > 0 && spent < budget {
          settle(&turns, [QuotaCalls(line: line, count: 1)], rates)
          spent += 1
        }
      }
      let inTurn = turns.reduce(0) { $0 + $1.accepted }
      #expect(planned.calls == budget)
      #expect(
        Double(planned.accepted) > 1.25 * Double(inTurn),
        "\(planned.accepted) against \(inTurn) of \(budget)")
      #expect(planned.accepted >= min(budget / 2, 400))
    }
  }

  @Test func `ties go to those that miss least, then to the lower place`() {
    var three = states(3, missing: 5)
    three[2].missing = 2
    #expect(planner.next(three, budget: 8).map(\.line) == [2, 0, 1])
    #expect(planner.next(three, budget: 8).map(\.count) == [2, 4, 2])
  }

  @Test func `what earlier work showed of an identity counts, and costs nothing`() {
    var two = states(2)
    two[0].earlierAttempts = 40
    #expect(planner.next(two).map(\.line) == [1], "the first was tried 40 times in vain")
    two[0].earlierAccepted = 38
    #expect(planner.next(two).map(\.line) == [0, 1])
    #expect(planner.next(two)[0].count == 10)
  }

  @Test func `a simulation of 20,000 identities agrees with arithmetic`() throws {
    let draw = RateDraw(AcceptanceBelief(alpha: 60, beta: 40), impossible: 0.1)
    let simulation = QuotaSimulation(planner: QuotaPlanner(chunk: 5000), seed: 1)
    let outcomes = try simulation.replicates(
      2, of: states(20_000, missing: 20), threads: 2, rate: { draw.rate($0, seed: $1) })
    for outcome in outcomes {
      // 18,000 fill up at 20 × (α + β - 1) / (α - 1) = 33.6 calls, 2,000 are stopped.
      #expect(abs(Double(outcome.shortIdentities) - 2000) < 150)
      #expect(outcome.stopped == outcome.shortIdentities)
      let calls = Double(outcome.calls)
      #expect(calls > 18_000 * 33 && calls < 18_000 * 34 + 2100 * 40, "\(calls) \(outcome.stopped)")
      #expect(outcome.accepted + outcome.shortfall == 400_000)
      #expect(outcome.accepted(after: outcome.calls) == Double(outcome.accepted))
      #expect(outcome.accepted(after: 0) == 0)
    }
    #expect(outcomes[0] != outcomes[1])
  }

  @Test func `empty and odd states do no harm`() {
    #expect(planner.next([]).isEmpty)
    var odd = states(3, missing: 0)
    odd[1] = QuotaState(missing: 4, cap: 0)
    odd[2] = QuotaState(missing: 4, cap: 9)
    odd[2].isClosed = true
    #expect(planner.next(odd).isEmpty)
  }
}
