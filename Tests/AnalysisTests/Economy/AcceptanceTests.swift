import Analysis
import LinearAlgebra
import Testing

@Suite struct AcceptanceTests {
  private func planted(
    _ belief: AcceptanceBelief, identities: Int, trials: Int, seed: UInt64
  ) -> [(rate: Double, successes: Int)] {
    let draw = RateDraw(belief)
    return (0..<identities).map { index in
      let rate = draw.rate(index, seed: seed)
      let dice = CounterRandom(seed: seed &+ 1, stream: UInt64(index))
      return (rate, (0..<trials).count { dice.uniform(at: UInt64($0)) < rate })
    }
  }

  @Test func `drawn rates have the belief's mean and deviation`() throws {
    for (mean, deviation) in [(0.5, 0.2), (0.1, 0.05), (0.9, 0.25), (0.3, 0.44)] {
      let belief = try #require(AcceptanceBelief(mean: mean, deviation: deviation))
      let rates = (0..<20_000).map { RateDraw(belief).rate($0, seed: 5) }
      let average = rates.reduce(0, +) / 20_000
      let variance = rates.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 20_000
      #expect(abs(average - mean) < 0.01, "\(average) for \(mean)")
      #expect(abs(variance.squareRoot() - deviation) < 0.01)
      #expect(rates.allSatisfy { (0...1).contains($0) })
    }
    let half = RateDraw(AcceptanceBelief(alpha: 5, beta: 5), impossible: 0.5)
    let nothing = (0..<10_000).count { half.rate($0, seed: 1) == 0 }
    #expect(abs(nothing - 5000) < 200)
  }

  @Test func `no belief has an impossible mean or deviation`() {
    #expect(AcceptanceBelief(mean: 0.5, deviation: 0.5) == nil)
    #expect(AcceptanceBelief(mean: 0, deviation: 0.1) == nil)
    #expect(AcceptanceBelief(mean: 1, deviation: 0.1) == nil)
    #expect(AcceptanceBelief(mean: 0.5, deviation: 0) == nil)
  }

  @Test(arguments: [(2.0, 6.0), (0.6, 0.6), (20.0, 20.0), (1.0, 19.0)])
  func `the fit finds a planted belief`(alpha: Double, beta: Double) {
    let truth = AcceptanceBelief(alpha: alpha, beta: beta)
    var counts = AcceptanceCounts()
    for one in planted(truth, identities: 4000, trials: 20, seed: 9) {
      counts.add(one.successes, of: 20)
    }
    let found = counts.belief()
    #expect(abs(found.mean - truth.mean) < 0.02)
    let ratio = (found.alpha + found.beta) / (alpha + beta)
    #expect(ratio > 0.8 && ratio < 1.25, "strength \(found.alpha + found.beta)")
  }

  @Test func `with nothing tried every rate is as likely; few identities move the mean alone`() {
    #expect(AcceptanceCounts().belief() == AcceptanceBelief(alpha: 1, beta: 1))
    var few = AcceptanceCounts()
    for _ in 0..<5 { few.add(0, of: 10) }
    let belief = few.belief()
    #expect(abs(belief.alpha + belief.beta - 2) < 1e-12)
    #expect(abs(belief.mean - 1.0 / 52) < 1e-12)
  }

  @Test func `equal rates make a strong belief, rates of 0 and 1 a weak one`() {
    var equal = AcceptanceCounts()
    for _ in 0..<100 { equal.add(10, of: 20) }
    #expect(equal.belief().alpha + equal.belief().beta == 50)
    var extremes = AcceptanceCounts()
    for index in 0..<100 { extremes.add(index % 2 * 20, of: 20) }
    #expect(extremes.belief().alpha + extremes.belief().beta == 1)
  }

  @Test func `a forecast is the distribution it says it is`() {
    // k = 1, α = β = 1: P(T = t) = 1 / (t (t + 1)), so P(T <= 9) = 0.9 and the mean is infinite.
    let one = CallForecast(acceptances: 1, belief: AcceptanceBelief(alpha: 1, beta: 1))
    #expect(one.mean == nil)
    #expect(one.quantile == 9 || one.quantile == 10)
    // A rate that is all but certain: the negative binomial's mean k / p.
    let sure = CallForecast(acceptances: 30, belief: AcceptanceBelief(alpha: 3e6, beta: 7e6))
    #expect(abs((sure.mean ?? 0) - 100) < 0.01)
    #expect((110...135).contains(sure.quantile ?? 0))
    let none = CallForecast(acceptances: 0, belief: AcceptanceBelief(alpha: 1, beta: 1))
    #expect(none.mean == 0 && none.quantile == 0)
    let hopeless = CallForecast(acceptances: 500, belief: AcceptanceBelief(alpha: 0.01, beta: 50))
    #expect(hopeless.mean == nil && hopeless.quantile == nil)
  }

  @Test(arguments: [(3.0, 5.0, 10, 5), (1.2, 9.0, 24, 3), (8.0, 2.0, 4, 12), (0.7, 0.7, 8, 2)])
  func `of forecasts at 90 % about 90 % hold`(alpha: Double, beta: Double, seen: Int, wanted: Int) {
    let truth = AcceptanceBelief(alpha: alpha, beta: beta)
    let people = planted(truth, identities: 6000, trials: seen, seed: 77)
    var counts = AcceptanceCounts()
    for one in people { counts.add(one.successes, of: seen) }
    // The belief is fitted from the very people it is used on, as in a request.
    let prior = counts.belief()
    var held = 0
    for (index, one) in people.enumerated() {
      let belief = prior.after(one.successes, of: seen)
      let limit = CallForecast(acceptances: wanted, belief: belief).quantile ?? Int.max
      let dice = CounterRandom(seed: 4242, stream: UInt64(index))
      var (calls, accepted) = (0, 0)
      while accepted < wanted, calls <= limit, calls < CallForecast.horizon {
        if dice.uniform(at: UInt64(calls)) < one.rate { accepted += 1 }
        calls += 1
      }
      if accepted == wanted && calls <= limit { held += 1 }
    }
    let share = Double(held) / Double(people.count)
    // Calls are whole, so a little more than 90 % is right; three deviations are 1.2 %.
    #expect(share > 0.885 && share < 0.945, "\(share)")
  }

  @Test func `an identity is stopped on evidence, never before it, and never at doubt 0`() {
    let prior = AcceptanceBelief(alpha: 1, beta: 1)
    let rule = StopRule.standard
    func stops(_ accepted: Int, _ attempts: Int, _ needed: Double) -> Bool {
      rule.stops(prior.after(accepted, of: attempts), attempts: attempts, needed: needed)
    }
    #expect(!stops(0, 11, 0.9))
    #expect(stops(0, 24, 1.0 / 6), "(5/6)^25 = 1.05 %")
    #expect(!stops(0, 20, 1.0 / 6), "(5/6)^21 = 2.2 %")
    #expect(!stops(14, 100, 1.0 / 6))
    #expect(stops(2, 100, 1.0 / 6))
    let never = StopRule(doubt: 0, fewestAttempts: 1)
    #expect(!never.stops(prior.after(0, of: 900), attempts: 900, needed: 0.5))
  }

  @Test func `identities that just suffice are given up no more often than the doubt says`() {
    // Rates from the belief; those that suffice and are stopped within their cap are counted.
    let truth = AcceptanceBelief(alpha: 1, beta: 1)
    let draw = RateDraw(truth)
    var (enough, lost) = (0, 0)
    for index in 0..<4000 {
      let rate = draw.rate(index, seed: 3)
      guard rate >= 1.0 / 6 else { continue }
      enough += 1
      let dice = CounterRandom(seed: 8, stream: UInt64(index))
      var accepted = 0
      for call in 0..<60 {
        if dice.uniform(at: UInt64(call)) < rate { accepted += 1 }
        if accepted == 10 { break }
        let belief = truth.after(accepted, of: call + 1)
        if StopRule.standard.stops(belief, attempts: call + 1, needed: 1.0 / 6) {
          lost += 1
          break
        }
      }
    }
    #expect(Double(lost) / Double(enough) < 0.02, "\(lost) of \(enough)")
  }
}
