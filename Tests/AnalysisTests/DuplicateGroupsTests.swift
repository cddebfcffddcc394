import Analysis
import Domain
import LinearAlgebra
import Testing

struct DuplicateGroupsTests {
  static func pair(_ a: Int, _ b: Int, _ similarity: Float = 0.95) -> SimilarPair {
    SimilarPair(a: a, b: b, similarity: CosineSimilarity(similarity))
  }

  @Test func `a chain is cut, so that every member is close to its keeper`() throws {
    // 0 ~ 1 ~ 2 ~ 3, and 0 is the best, then 2.
    let groups = try DuplicateGroups.form(
      pairs: [Self.pair(0, 1), Self.pair(1, 2), Self.pair(2, 3)], ranking: [9, 1, 5, 4])
    #expect(groups.map(\.keeper) == [0, 2])
    #expect(groups.map { $0.members.map(\.item) } == [[1], [3]])
  }

  @Test func `the middle of a short chain keeps both ends when it is the best`() throws {
    let pairs = [Self.pair(0, 1), Self.pair(1, 2)]
    let middle = try DuplicateGroups.form(pairs: pairs, ranking: [1, 2, 1])
    #expect(middle.map(\.keeper) == [1] && middle[0].members.map(\.item) == [0, 2])
    let end = try DuplicateGroups.form(pairs: pairs, ranking: [2, 1, 1])
    #expect(end.map(\.keeper) == [0] && end[0].members.map(\.item) == [1])
  }

  @Test func `ties keep the lower item and NaN is never preferred`() throws {
    let groups = try DuplicateGroups.form(
      pairs: [Self.pair(3, 1), Self.pair(0, 2)], ranking: [.nan, 1, -5, 1])
    #expect(groups.map(\.keeper) == [1, 2])
  }

  @Test func `repeated, mirrored and self pairs change nothing`() throws {
    let groups = try DuplicateGroups.form(
      pairs: [Self.pair(1, 0, 0.9), Self.pair(0, 1, 0.97), Self.pair(1, 1), Self.pair(0, 1, 0.91)],
      ranking: [1, 0])
    #expect(groups.count == 1)
    #expect(groups[0].members.map(\.similarity) == [CosineSimilarity(0.97)])
  }

  @Test func `no pairs give no groups and an unknown item is refused`() throws {
    #expect(try DuplicateGroups.form(pairs: [], ranking: []) == [])
    #expect(
      code { try DuplicateGroups.form(pairs: [Self.pair(0, 2)], ranking: [1, 1]) } == .outOfRange)
  }

  @Test(arguments: 0..<UInt64(8))
  func `groups do not depend on the pairs' order and leave nothing to do`(seed: UInt64) throws {
    let random = CounterRandom(seed: seed, stream: 1)
    let pairs = (0..<UInt64(150)).map { draw in
      Self.pair(
        random.index(below: 60, at: 2 * draw), random.index(below: 60, at: 2 * draw + 1),
        Float(random.uniform(at: 1000 + draw)))
    }
    let ranking = (0..<60).map { Double(random.index(below: 10, at: 5000 + UInt64($0))) }
    let groups = try DuplicateGroups.form(pairs: pairs, ranking: ranking)
    let shuffled = CounterRandom(seed: seed, stream: 2).shuffled(count: pairs.count)
      .map { SimilarPair(a: pairs[$0].b, b: pairs[$0].a, similarity: pairs[$0].similarity) }
    #expect(try DuplicateGroups.form(pairs: shuffled, ranking: ranking) == groups, "seed \(seed)")

    let removed = Set(groups.flatMap { $0.members.map(\.item) })
    #expect(removed.isDisjoint(with: groups.map(\.keeper)))
    let left = pairs.filter { !removed.contains($0.a) && !removed.contains($0.b) }
    #expect(try DuplicateGroups.form(pairs: left, ranking: ranking) == [], "seed \(seed)")
    for group in groups {
      for member in group.members {
        #expect(
          pairs.contains {
            Set([$0.a, $0.b]) == Set([group.keeper, member.item])
          }, "seed \(seed)")
      }
    }
  }
}
