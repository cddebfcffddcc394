import Analysis
import Domain
import LinearAlgebra
import Testing

/// What a Δ on record is used for: how much of it was closed, and whether it drifts.
struct OffsetUseTests {
  static let width = 12

  /// `identities` of three images around a shift along the first axis and across it.
  static func side(
    _ identities: Int, along: Float = 0, across: Float = 0, seed: UInt64
  ) -> (rows: Vectors, groups: [Int?]) {
    var shift = [Float](repeating: 0, count: width)
    (shift[0], shift[1]) = (along, across)
    let made = OffsetTests.side(
      identities: identities, images: { _ in 3 }, shift: shift, seed: seed)
    return (made.0, made.1)
  }

  static func input(to: (rows: Vectors, groups: [Int?]), seed: UInt64) -> OffsetInput {
    let from = side(400, seed: seed)
    var input = OffsetInput(
      from: from.rows, fromGroups: from.groups, to: to.rows, toGroups: to.groups)
    input.seed = seed
    return input
  }

  static func offset(_ input: OffsetInput) throws -> [Float] {
    var quick = input
    (quick.bootstrapRounds, quick.permutations) = (1, 0)
    return try OffsetEstimate.estimate(quick).vector
  }

  @Test(arguments: [(Float(2), Float(0), false), (2, 1.5, false), (6, 0, true), (0, 0, false)])
  func `what a generated set has closed along Δ and moved across it is found`(
    _ along: Float, _ across: Float, _ overshoots: Bool
  ) throws {
    let input = Self.input(to: Self.side(400, along: 4, seed: 31), seed: 30)
    let made = Self.side(300, along: along, across: across, seed: 32)
    let gap = try GapClosure.measure(input, generated: made, offset: Self.offset(input))
    #expect(abs(gap.along - Double(along) / 4) < 0.08, "\(gap)")
    #expect(gap.alongLow < gap.along && gap.along < gap.alongHigh)
    #expect(gap.alongHigh - gap.alongLow < 0.12)
    #expect(abs(gap.across - Double(across) / 4) < 0.12, "\(gap)")
    let left = ((4 - along) * (4 - along) + across * across).squareRoot() / 4
    #expect(abs(gap.remaining - Double(left)) < 0.12, "\(gap)")
    #expect(gap.overshoots == overshoots)
  }

  @Test func `the stated interval of the share holds the truth at its rate`() throws {
    var held = 0
    for seed in 0..<UInt64(200) {
      let from = Self.side(40, seed: 4000 + 10 * seed)
      let to = Self.side(50, along: 4, seed: 4001 + 10 * seed)
      let made = Self.side(30, along: 2, seed: 4002 + 10 * seed)
      var input = OffsetInput(
        from: from.rows, fromGroups: from.groups, to: to.rows, toGroups: to.groups)
      input.seed = seed
      var axis = [Float](repeating: 0, count: Self.width)
      axis[0] = 4
      let gap = try GapClosure.measure(input, generated: made, offset: axis)
      if gap.alongLow <= 0.5, gap.alongHigh >= 0.5 { held += 1 }
    }
    // 190 expected, standard deviation 3.1; a little less for 30 identities.
    #expect((176...199).contains(held), "held \(held) of 200, seeds from 4000")
  }

  @Test func `batches of an unchanged population stay within the limits`() throws {
    let input = Self.input(to: Self.side(1000, along: 4, seed: 41), seed: 40)
    let drift = try OffsetDrift.measure(
      input, offset: Self.offset(input), identities: 25)
    #expect(drift.batches.count == 40)
    #expect(drift.batches.allSatisfy { $0.identities == 25 && $0.images == 75 })
    // Three limits of 1 in 740 each: 0.16 batches of 40 by chance.
    #expect(drift.batches.count(where: \.isOutside) <= 1, "\(drift)")
  }

  @Test func `batches that come from elsewhere are outside, along Δ or across it`() throws {
    let usual = Self.side(200, along: 4, seed: 51)
    let record = try Self.offset(Self.input(to: usual, seed: 50))
    var all = usual
    for (number, place) in [(Float(6), Float(0)), (4, 4)].enumerated() {
      let other = Self.side(
        25, along: place.0, across: place.1, seed: 60 + UInt64(number))
      all.rows = Vectors(
        count: all.rows.count + other.rows.count, width: Self.width,
        values: all.rows.values + other.rows.values)
      all.groups += other.groups.map { $0.map { $0 + 1000 * (number + 1) } }
    }
    let drift = try OffsetDrift.measure(
      Self.input(to: all, seed: 50), offset: record, identities: 25)
    let outside = drift.batches.indices.filter { drift.batches[$0].isOutside }
    #expect(outside == [8, 9], "\(drift)")
    #expect(drift.batches[8].length > drift.batches[8].lengthHigh)
    #expect(drift.batches[9].cosine < drift.batches[9].cosineLow)
  }

  @Test func `what is left over joins the last batch or is one of its own`() throws {
    let record = [Float](repeating: 1, count: Self.width)
    func sizes(_ identities: Int) throws -> [Int] {
      let to = Self.side(identities, along: 1, seed: 70)
      return try OffsetDrift.measure(Self.input(to: to, seed: 70), offset: record, identities: 10)
        .batches.map(\.identities)
    }
    #expect(try sizes(24) == [10, 14])
    #expect(try sizes(27) == [10, 10, 7])
    #expect(try sizes(4) == [4])
  }
}
