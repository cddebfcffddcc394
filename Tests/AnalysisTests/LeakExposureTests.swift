import Analysis
import Domain
import Testing

@Suite struct LeakExposureTests {
  private func people(_ count: Int, pairs: Int, missed: Int) -> [LeakExposure.Genuine] {
    Array(repeating: LeakExposure.Genuine(pairs: pairs, missed: missed), count: count)
  }

  private func close(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) < 1e-9 * abs(b) }

  /// Expected values: scipy 1.x, beta.ppf(1 - share, k + 1, n - k) for the rates and the largest L
  /// with binom.cdf(D, L, d) > share, share = 0.05 / number of bounds.
  @Test func `bounds are those of exact binomial tests`() {
    let clean = LeakExposure(
      .init(tested: 642, found: 0, untested: 0, genuine: people(100, pairs: 20, missed: 0)))
    #expect(close(clean.missRate, 0.03621669264517641))
    #expect(clean.undetected == 1)
    #expect(close(clean.rateOfFurther, 0.004655379618390286))
    let tenth = LeakExposure(
      .init(tested: 642, found: 0, untested: 7, genuine: people(100, pairs: 20, missed: 2)))
    #expect(close(tenth.missRate, 0.17622259774002266))
    #expect(tenth.undetected == 2)
    #expect(tenth.atMost == 9)
    let many = LeakExposure(
      .init(
        tested: 1000, found: 10, untested: 0,
        genuine: people(66, pairs: 28, missed: 0) + people(40, pairs: 30, missed: 30)))
    #expect(close(many.missRate, 0.4767341170728188))
    #expect(many.undetected == 20)
  }

  @Test func `an approximate engine's recall widens the bound`() {
    let exposure = LeakExposure(
      .init(
        tested: 5000, found: 3, untested: 0, genuine: people(100, pairs: 20, missed: 2),
        recall: .init(tried: 1000, found: 950)))
    #expect(close(exposure.missRate, 0.18307901081197556))
    #expect(close(exposure.recall, 0.9332367992308315))
    #expect(exposure.undetected == 5)
  }

  @Test func `people count once however many pictures they have`() {
    // All pairs of one person of ten are missed: one tenth, whatever the number of pairs.
    let few = LeakExposure(
      .init(
        tested: 10, found: 0, untested: 0,
        genuine: people(9, pairs: 1000, missed: 0) + people(1, pairs: 1, missed: 1)))
    #expect(few.missRate ?? 0 > 0.4, "one of ten people leaves up to 44 % possible")
    // Three thirds of missed pairs are one person, not two.
    let thirds = LeakExposure(
      .init(tested: 10, found: 0, untested: 0, genuine: people(3, pairs: 3, missed: 1)))
    let one = LeakExposure(
      .init(
        tested: 10, found: 0, untested: 0,
        genuine: people(2, pairs: 3, missed: 0) + people(1, pairs: 3, missed: 3)))
    #expect(thirds.missRate == one.missRate)
  }

  @Test func `nothing is claimed without evidence`() {
    let none = LeakExposure(.init(tested: 100, found: 0, untested: 3, genuine: []))
    #expect(none.missRate == nil && none.undetected == nil && none.atMost == nil)
    let empty = LeakExposure(.init(tested: 0, found: 0, untested: 3, genuine: []))
    #expect(empty.rateOfFurther == nil)
    // Everything genuine is missed: every tested image may be a leak.
    let blind = LeakExposure(
      .init(tested: 100, found: 2, untested: 0, genuine: people(20, pairs: 1, missed: 1)))
    #expect(blind.missRate == 1)
    #expect(blind.undetected == 98)
    let all = LeakExposure(
      .init(tested: 5, found: 5, untested: 0, genuine: people(20, pairs: 1, missed: 0)))
    #expect(all.undetected == 0 && all.rateOfFurther == 1)
  }

  @Test func `a plain dot product is limited and exact`() {
    let a: [Float] = [0.6, 0.8, 0]
    #expect(PlainDot.similarity(a[...], a[...]).value == 1)
    #expect(PlainDot.similarity(a[...], [0, 0, 1]).value == 0)
    #expect(PlainDot.similarity([2, 0], [2, 0]).value == 1)
    #expect(PlainDot.similarity([2, 0], [-2, 0]).value == -1)
  }
}
