import Analysis
import Domain
import LinearAlgebra
import Testing

struct PrototypeSetsTests {
  private let rule = PrototypeRule(coversAtLeast: CosineSimilarity(0.9))

  /// Rows around two opposite directions for each of `people` labels, and the labels.
  private func twoFaced(_ people: Int, each: Int, seed: UInt64) -> (rows: Vectors, labels: [Int]) {
    let planted = Planted.clusters(
      2 * people, perCluster: each, width: 32, spread: 0.2, seed: seed)
    return (planted.vectors, planted.labels.map { $0 / 2 })
  }

  @Test func `a person with two looks gets a prototype for each`() throws {
    let seed: UInt64 = 5
    let (rows, labels) = twoFaced(6, each: 5, seed: seed)
    let sets = try PrototypeSets.form(rows, labels: labels, rule: rule)
    #expect(sets.count == 12, "seed \(seed)")
    for (place, entry) in sets.entries.enumerated() {
      #expect(entry.of == 2)
      #expect(entry.members.count == 5)
      #expect(Set(entry.members.map { $0 / 5 }).count == 1, "a look is not mixed, seed \(seed)")
      for member in entry.members {
        let near = cosine(rows[row: member], sets.directions[row: place])
        #expect(near >= 0.9)
        #expect(near <= cosine(rows[row: entry.nearest], sets.directions[row: place]) + 1e-6)
      }
    }
    #expect(sets.entries.map(\.identity) == sets.entries.map(\.identity).sorted())
  }

  @Test func `a person whose images agree gets one, and one image alone none`() throws {
    let sets = try PrototypeSets.form(
      Vectors(width: 2, rows: [[1, 0], [0.8, 0.6], [0, 1], [0, 0], [1, 0]]),
      labels: [4, 4, 7, 7, nil], rule: rule)
    #expect(sets.entries.map(\.identity) == [4])
    #expect(sets.entries[0].of == 1)
    #expect(sets.identities == 2)
    #expect(length(sets.directions[row: 0]) > 0.999)
  }

  @Test func `opposite and identical vectors do no harm`() throws {
    let sets = try PrototypeSets.form(
      Vectors(width: 2, rows: [[1, 0], [-1, 0], [0, 1], [0, 1], [0, 1]]), labels: [0, 0, 1, 1, 1],
      rule: rule)
    #expect(sets.entries.map(\.identity) == [1])
    #expect(sets.entries[0].members == [2, 3, 4])
    let none = try PrototypeSets.form(
      Vectors(count: 0, width: 2, values: []), labels: [], rule: rule)
    #expect(none.count == 0)
  }

  @Test func `the number per identity is bounded and does not depend on threads`() throws {
    let rows = Planted.unit(rows: 400, width: 16, seed: 9)
    let labels = (0..<400).map { $0 / 40 }
    let narrow = PrototypeRule(coversAtLeast: CosineSimilarity(0.999), most: 3)
    let one = try PrototypeSets.form(rows, labels: labels, rule: narrow, threads: 1)
    #expect(one.entries.allSatisfy { $0.of <= 3 })
    #expect(try PrototypeSets.form(rows, labels: labels, rule: narrow, threads: 4) == one)
  }

  @Test func `impostor scores leave a person's own prototypes out`() throws {
    let rows = Vectors(width: 2, rows: [[1, 0], [1, 0], [0, 1], [0, 1], [0.6, 0.8]])
    let labels: [Int?] = [0, 0, 1, 1, nil]
    let sets = try PrototypeSets.form(rows, labels: labels, rule: rule)
    let scores = try PrototypeScores.impostors(rows, labels: labels, against: sets)
    #expect(scores.count == 2 + 2 + 2)
    #expect(scores.top == [0.8, 0.6, 0, 0, 0, 0])
    #expect(throws: AnalysisError.self) {
      try PrototypeScores.impostors(rows, labels: [], against: sets)
    }
  }

  @Test func `class means have one place per identity and hide what cancels out`() throws {
    let means = try ClassMeans(
      Vectors(width: 2, rows: [[1, 0], [-1, 0], [0, 1], [0, 1], [1, 0]]),
      labels: [3, 3, 8, 8, nil])
    #expect(means.count == 2)
    #expect(means.places == [nil, nil, 0, 0, 1])
    #expect(try means.impostors(seed: 1).count == 1)
  }
}
