import Foundation
import Testing

extension BuiltProgram {
  /// The choice of search engine: exact by default, and what an approximate one has to say.
  struct EngineTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    /// Imports 600 vectors round 150 centres as `population`, in space `toy`.
    private func take(_ population: String, seed: UInt64) throws {
      var dice = Numbers(seed: seed)
      var rows: [[Float]] = []
      var lines = ["id,identity"]
      for person in 0..<150 {
        let centre = (0..<24).map { _ in dice.normal() }
        for each in 0..<4 {
          rows.append(centre.map { $0 + 0.2 * dice.normal() })
          lines.append("\(population)-\(person)-\(each),\(population)-\(person)")
        }
      }
      let file = try scratch.write(try Numbers.npy(rows), to: "\(population).npy")
      let ids = try scratch.write(lines.joined(separator: "\n"), to: "\(population).csv")
      let taken = place.run(
        "embeddings", "import", file, "--space", "toy", "--population", population, "--ids", ids,
        "--quiet")
      #expect(taken.code == 0, "\(taken.said)")
    }

    private func ask(_ verb: String, _ engine: String) throws -> Tool.Result {
      let result = place.run(
        verb, "--space", "toy", "--similarity-at-least", "0.9", "--engine", engine, "--json",
        "--quiet")
      #expect([0, 1].contains(result.code), "\(result.said)")
      return result
    }

    @Test func `exact and faiss Flat agree, and say nothing of recall`() throws {
      try take("digital", seed: 1)
      try take("reference", seed: 1)
      for (verb, count) in [
        ("dedup", "removals"), ("leaks", "leaks"), ("collisions", "collisions"),
      ] {
        let exact = try ask(verb, "exact").json()
        let flat = try ask(verb, "faiss:Flat").json()
        #expect(exact[count]?.int != nil)
        #expect(exact[count]?.int == flat[count]?.int, "\(verb)")
        #expect(exact["recall"]?["share"]?.double == nil)
      }
    }

    @Test func `an approximate engine carries its measured recall everywhere`() throws {
      try take("digital", seed: 1)
      try take("reference", seed: 1)
      let dedup = try ask("dedup", "faiss:HNSW4").json()["graph"]
      #expect(dedup?["exact"]?.int == 0)
      let share = try #require(dedup?["recall"]?.double)
      #expect(share > 0.2 && share <= 1)
      #expect(try ask("leaks", "faiss:HNSW4").json()["isExact"]?.int == 0)
      #expect(try ask("leaks", "exact").json()["isExact"]?.int == 1)
      for verb in ["leaks", "collisions"] {
        let recall = try #require(try ask(verb, "faiss:HNSW4").json()["recall"])
        #expect(recall["queries"]?.int == 500)
        #expect(recall["share"]?.double ?? 0 > 0.2, "\(verb)")
      }
      let said = place.run(
        "leaks", "--space", "toy", "--similarity-at-least", "0.9", "--engine", "faiss:HNSW4")
      #expect(said.out.contains("measured recall"), "\(said.out)")
      let again = place.run(
        "dedup", "--space", "toy", "--similarity-at-least", "0.95", "--engine", "faiss:HNSW4")
      #expect(again.out.contains("from the stored pair graph"), "\(again.out)")
      #expect(again.out.contains("measured recall"), "\(again.out)")
    }

    @Test func `an engine that does not exist is refused`() throws {
      try take("digital", seed: 1)
      let wrong = place.run(
        "dedup", "--space", "toy", "--similarity-at-least", "0.9", "--engine", "magic")
      #expect(wrong.code == 64)
      let factory = place.run(
        "dedup", "--space", "toy", "--similarity-at-least", "0.9", "--engine", "faiss:Nothing")
      #expect(factory.code == 2)
      #expect(factory.err.contains("faiss") || factory.err.contains("index"), "\(factory.err)")
    }
  }
}
