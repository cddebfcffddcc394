import Analysis
import Domain
import Testing

struct CollisionTests {
  private func graph(_ names: [String], images: [Int], _ edges: [(Int, Int)]) -> CollisionGraph {
    CollisionGraph(
      nodes: zip(names, images).map { .init(name: $0, images: $1) },
      edges: edges.map { .init(a: $0.0, b: $0.1, imagePairs: 2, prototypes: true) })
  }

  @Test func `the hub of a star goes and the rest stays`() {
    let star = graph(["a", "b", "c", "d"], images: [9, 1, 1, 1], [(0, 1), (0, 2), (0, 3)])
    let removals = star.pruned { _ in false }
    #expect(removals.map(\.node) == [0])
    #expect(removals.map(\.degree) == [3])
  }

  @Test func `of two the one with fewer images goes, of equals the first name`() {
    let fewer = graph(["a", "b"], images: [5, 2], [(0, 1)])
    #expect(fewer.pruned { _ in false }.map(\.node) == [1])
    let named = graph(["z", "y"], images: [2, 2], [(0, 1)])
    #expect(named.pruned { _ in false }.map(\.node) == [1])
  }

  @Test func `removals stop as soon as it is enough`() {
    let chain = graph(
      ["a", "b", "c", "d", "e", "f"], images: [1, 1, 1, 1, 1, 1], [(0, 1), (2, 3), (4, 5)])
    var seen: [Int] = []
    let removals = chain.pruned { rest in
      seen.append(rest.prototypePairs)
      return rest.imagePairs <= 2
    }
    #expect(removals.map(\.node) == [0, 2])
    #expect(seen == [3, 2, 1])
    #expect(graph([], images: [], []).pruned { _ in false }.isEmpty)
  }

  @Test func `comparisons are counted across identities only`() {
    let rest = graph(["a", "b", "c"], images: [3, 2, 1], [(0, 1)]).whole
    #expect(rest.imageComparisons == 3 * 2 + 3 * 1 + 2 * 1)
    #expect(rest.identityComparisons == 3)
    #expect(rest.imagePairs == 2)
  }

  @Test(arguments: [
    (0.0, 0, 0), (0.02, 0, 0), (1.0, 0, 3), (12.4, 6, 20), (100.0, 81, 120),
    (10_000.0, 9804, 10_196),
  ])
  func `a Poisson interval is the textbook's`(expected: Double, low: Int, high: Int) {
    let interval = PoissonInterval(expected: expected)
    #expect(interval.low == low)
    #expect(interval.high == high)
  }

  @Test func `orientation says which way round reached the floor`() {
    func orientation(_ asIs: Float?, _ mirrored: Float?) -> LeakOrientation? {
      LeakOrientation(
        asIs: asIs.map { CosineSimilarity($0) }, mirrored: mirrored.map { CosineSimilarity($0) },
        floor: CosineSimilarity(0.5))
    }
    #expect(orientation(0.5, nil) == .asIs)
    #expect(orientation(0.2, 0.9) == .mirrored)
    #expect(orientation(0.6, 0.6) == .both)
    #expect(orientation(0.1, 0.2) == nil)
    #expect(orientation(.nan, nil) == nil)
  }
}
