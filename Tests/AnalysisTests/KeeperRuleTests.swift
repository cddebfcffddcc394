import Analysis
import Domain
import Testing

@Suite struct KeeperRuleTests {
  private func facts(_ change: (inout KeeperFacts) -> Void) -> KeeperFacts {
    var facts = KeeperFacts()
    change(&facts)
    return facts
  }

  private func best(_ rule: KeeperRule, _ facts: [KeeperFacts]) -> Int? {
    let ranking = rule.ranking(facts)
    #expect(Set(ranking).count == facts.count)
    return ranking.indices.max { ranking[$0] < ranking[$1] }
  }

  @Test(arguments: KeeperRule.allCases)
  func `a protected image wins, whatever the rule`(rule: KeeperRule) {
    let strong = facts {
      $0.qualityGrade = 9
      $0.centrality = 9
      $0.pixels = 900
    }
    let protected = facts { $0.isProtected = true }
    #expect(best(rule, [strong, protected]) == 1)
    #expect(rule.decider(protected, over: strong) == .protected)
  }

  @Test func `quality is asked first, then size, then age`() {
    let sharp = facts { $0.qualityGrade = 4 }
    let large = facts {
      $0.qualityGrade = 3
      $0.pixels = 100
    }
    let small = facts {
      $0.qualityGrade = 3
      $0.pixels = 25
    }
    #expect(best(.quality, [small, large, sharp]) == 2)
    #expect(best(.quality, [small, large]) == 1)
    #expect(best(.quality, [small, small]) == 0)
    #expect(KeeperRule.quality.decider(sharp, over: large) == .quality)
    #expect(KeeperRule.quality.decider(large, over: small) == .size)
    #expect(KeeperRule.quality.decider(small, over: small) == .oldest)
  }

  @Test func `centrality asks the group, then the identity, then quality`() {
    let central = facts { $0.centrality = 2 }
    let typical = facts {
      $0.centrality = 1
      $0.prototypeSimilarity = 0.9
    }
    let sharp = facts {
      $0.centrality = 1
      $0.prototypeSimilarity = 0.8
      $0.qualityGrade = 7
    }
    #expect(best(.centrality, [sharp, typical, central]) == 2)
    #expect(best(.centrality, [sharp, typical]) == 1)
    #expect(best(.quality, [sharp, typical, central]) == 0)
    #expect(KeeperRule.centrality.decider(typical, over: sharp) == .prototype)
  }

  @Test func `the oldest is the first, and what is unknown or no number comes last`() {
    let sharp = facts { $0.qualityGrade = 7 }
    #expect(best(.oldest, [KeeperFacts(), sharp]) == 0)
    #expect(best(.quality, [facts { $0.qualityGrade = .nan }, KeeperFacts(), sharp]) == 2)
    #expect(KeeperRule.quality.ranking([]).isEmpty)
  }
}

@Suite struct CopyClassesTests {
  private func ranking(_ count: Int) -> [Double] { (0..<count).map { Double(-$0) } }

  @Test func `copies of copies have one leader, and the last tier that was needed`() {
    let files = ["a", "a", "b", "b", "c"]
    let pixels = ["x", "x", "x", "x", "y"]
    var classes = CopyClasses(count: 5)
    classes.join(.exact, ranking: [1, 2, 5, 3, 4]) { files[$0] }
    #expect(classes.leaders == [1, 1, 2, 2, 4])
    classes.join(.samePixels, ranking: [1, 2, 5, 3, 4]) { pixels[$0] }
    #expect(classes.leaders == [2, 2, 2, 2, 4])
    #expect(classes.tiers == [.samePixels, .samePixels, nil, .exact, nil])
    #expect(classes.leading == [2, 4])
  }

  @Test func `an item without a key stays alone`() {
    var classes = CopyClasses(count: 3)
    classes.join(.exact, ranking: ranking(3)) { $0 == 1 ? nil : "same" }
    #expect(classes.leaders == [0, 1, 0])
    var none = CopyClasses(count: 0)
    none.join(.exact, ranking: []) { $0 }
    #expect(none.leading.isEmpty)
  }

  @Test func `a hundred thousand copies are one class in one step each`() {
    var classes = CopyClasses(count: 100_000)
    classes.join(.exact, ranking: ranking(100_000)) { _ in 7 }
    #expect(classes.leading == [0])
  }

  @Test func `equal rows are found by their bits`() {
    let rows = Vectors(width: 2, rows: [[1, 2], [0, 0], [1, 2], [-0.0, 0], [1, 2.5]])
    let unique = UniqueRows(of: rows)
    #expect(unique.groups == [0, 1, 0, 2, 3])
    #expect(unique.firsts == [0, 1, 3, 4])
    #expect(UniqueRows(of: Vectors(count: 0, width: 2, values: [])).count == 0)
  }
}
