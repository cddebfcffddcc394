import Analysis
import Domain
import LinearAlgebra
import Testing

struct PrototypeTests {
  @Test func `identical vectors have concentration 1 and their own direction`() throws {
    let vectors = Vectors(width: 2, rows: [[0.6, 0.8], [0.6, 0.8], [1, 0]])
    let prototypes = try Prototypes.byIdentity(vectors, labels: [7, 7, 3])
    #expect(prototypes.identities == [3, 7])
    #expect(prototypes.counts == [1, 2])
    #expect(abs(prototypes[1].concentration - 1) < 1e-6)
    #expect(cosine(prototypes[1].direction, [0.6, 0.8]) > 0.999999)
  }

  @Test func `a right angle has concentration one over root two`() throws {
    let prototypes = try Prototypes.byIdentity(
      Vectors(width: 2, rows: [[1, 0], [0, 1]]), labels: [0, 0])
    #expect(abs(prototypes.concentrations[0] - 0.5.squareRoot()) < 1e-7)
    #expect(abs(length(prototypes[0].direction) - 1) < 1e-6)
  }

  @Test func `antipodal vectors cancel to a zero direction`() throws {
    let prototypes = try Prototypes.byIdentity(
      Vectors(width: 2, rows: [[1, 0], [-1, 0]]), labels: [0, 0])
    #expect(prototypes[0].direction == [0, 0])
    #expect(prototypes[0].concentration == 0)
  }

  @Test func `zero rows and rows without a label do not count`() throws {
    let prototypes = try Prototypes.byIdentity(
      Vectors(width: 2, rows: [[1, 0], [0, 0], [0, 1]]), labels: [0, 0, nil])
    #expect(prototypes.counts == [1])
    #expect(prototypes[0].direction == [1, 0])
  }

  @Test func `no vectors give no prototypes, wrong labels an error`() throws {
    let none = Vectors(count: 0, width: 2, values: [])
    #expect(try Prototypes.byIdentity(none, labels: []).count == 0)
    #expect(throws: AnalysisError.self) { try Prototypes.byIdentity(none, labels: [1]) }
  }

  @Test func `planted centres come back`() throws {
    let seed: UInt64 = 11
    let planted = Planted.clusters(20, perCluster: 50, width: 64, spread: 0.5, seed: seed)
    let centres = Planted.unit(rows: 20, width: 64, seed: seed, stream: 1)
    let prototypes = try Prototypes.byIdentity(planted.vectors, labels: planted.labels)
    for identity in 0..<20 {
      #expect(
        cosine(prototypes[identity].direction, centres[row: identity]) > 0.98, "seed \(seed)")
    }
  }
}
