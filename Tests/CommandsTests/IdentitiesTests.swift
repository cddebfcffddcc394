import Foundation
import Testing

extension BuiltProgram {
  /// Identities beyond those that were indexed, as vectors; no network is needed.
  struct IdentitiesTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = try Self.workplace(scratch, "new")
    }

    private static func workplace(_ scratch: Scratch, _ name: String) throws -> Workplace {
      let place = Workplace.new(in: scratch, name)
      #expect(
        try Crowd(80, each: 3, seed: 61).enter(place, scratch, as: "reference", "g").code == 0)
      #expect(place.run("calibrate", "--fmr", "1e-3", "--quiet").code == 0)
      #expect(try Crowd(40, each: 4, seed: 62).enter(place, scratch, as: "digital", "d").code == 0)
      return place
    }

    private func new(_ place: Workplace, _ words: String...) throws -> JSON {
      let result = place.run(
        ["identities", "new", "--fmr", "1e-3", "--leak-fmr", "1e-3", "--json", "--quiet"] + words)
      #expect(result.code < 2, "\(result.said)")
      return try result.json()
    }

    @Test(arguments: ["faces", "sphere"])
    func `new identities collide with nobody and leak nobody, and asking again adds nothing`(
      spread: String
    ) throws {
      let made = try new(place, "--count", "12", "--spread", spread)
      #expect(made["admitted"]?.int == 12, "\(made)")
      let collisions = try place.run("collisions", "--fmr", "1e-3", "--json", "--quiet").json()
      let names = (collisions["pairs"]?.items ?? []).flatMap { [$0["a"], $0["b"]] }
        .compactMap { $0?.string }
      #expect(names.allSatisfy { !$0.hasPrefix("new-") }, "\(names)")
      let leaks = place.run(
        "leaks", "--population", "generated", "--fmr", "1e-3", "--review-fmr", "1e-3", "--quiet")
      #expect(leaks.code == 0, "\(leaks.said)")
      let state = try place.state()
      #expect(state.problems == 0)
      #expect(try new(place, "--count", "12", "--spread", spread)["admitted"]?.int == 12)
      #expect(try place.state() == state, "done already")
      #expect(
        try new(place, "--count", "15", "--spread", spread, "--dry-run")["admitted"]?.int == 3)
      #expect(try place.state() == state, "a dry run")
      let more = try new(place, "--count", "15", "--spread", spread)
      #expect(more["had"]?.int == 12 && more["admitted"]?.int == 3)
      let rows = try place.run("identities", "list", "--json", "--quiet").json().items
      #expect(rows.count == 55)
      #expect(rows.count { $0["sampled"]?.int == 1 && $0["images"]?.int == 0 } == 15)
    }

    @Test func `a withdrawn identity is replaced by another, and can be had back`() throws {
      _ = try new(place, "--count", "3")
      func sampled() throws -> [String] {
        try place.run("identities", "list", "--json", "--quiet").json().items
          .filter { $0["sampled"]?.int == 1 }.compactMap { $0["identity"]?.string }
      }
      #expect(try sampled() == ["new-00001", "new-00002", "new-00003"])
      #expect(place.run("identities", "withdraw", "new-00002", "--quiet").code == 0)
      #expect(try sampled() == ["new-00001", "new-00003"])
      #expect(place.run("identities", "withdraw", "new-00002", "--quiet").code == 2)
      #expect(place.run("undo", "--quiet").code == 0)
      #expect(try sampled().count == 3)
      #expect(place.run("identities", "withdraw", "new-00001", "--quiet").code == 0)
      #expect(try new(place, "--count", "3")["admitted"]?.int == 1)
      #expect(try sampled() == ["new-00002", "new-00003", "new-00004"])
      #expect(try place.verify().problems == 0)
      let audit = place.run("audit", "--quiet").out
      #expect(audit.contains("passed  generated-pictures-passed-the-gate"), "\(audit)")
    }

    @Test func `threads change no byte`() throws {
      let other = try Self.workplace(scratch, "other")
      _ = try new(place, "--count", "20", "--threads", "1")
      _ = try new(other, "--count", "20", "--threads", "3")
      #expect(try place.state() == other.state())
    }

    @Test func `an angle packs wider, and what finds no place is a shortfall with its reasons`()
      throws
    {
      let wide = try new(place, "--count", "3", "--angle-at-least", "70")
      #expect(wide["degreesAtLeast"]?.double ?? 0 >= 69.99)
      let rows = try place.run("identities", "list", "--json", "--quiet").json().items
      for row in rows where row["sampled"]?.int == 1 {
        #expect(row["nearest"]?["similarity"]?.double ?? 1 < 0.3421, "cos 70 degrees")
      }
      let result = place.run(
        "identities", "new", "--fmr", "1e-3", "--leak-fmr", "1e-3", "--count", "50",
        "--angle-at-least", "130", "--proposals-per-identity", "2", "--quiet")
      #expect(result.code == 1, "\(result.said)")
      #expect(result.out.contains("refused: near an identity"), "\(result.said)")
    }

    @Test func `somebody of the gallery is refused by name of the reason`() throws {
      _ = try new(place, "--count", "8")
      let file = scratch["made.npy"]
      #expect(
        place.run(
          "embeddings", "export", file, "--space", "identity", "--population", "generated",
          "--quiet"
        ).code == 0)
      let guarded = try Self.workplace(scratch, "guarded")
      let names = scratch["people.csv"]
      try (["id,identity"] + (0..<8).map { "x\($0),x\($0)" }).joined(separator: "\n")
        .write(toFile: names, atomically: true, encoding: .utf8)
      let entered = guarded.run(
        "embeddings", "import", file, "--space", "identity", "--population", "reference", "--ids",
        names, "--quiet")
      #expect(entered.code == 0, "\(entered.said)")
      let made = try new(guarded, "--count", "8")
      #expect(made["refusedByReason"]?["leaks a gallery image"]?.int ?? 0 >= 6, "\(made)")
      #expect(made["admitted"]?.int == 8)
    }

    @Test func `a list says images, R, kappa and the nearest other`() throws {
      let rows = try place.run("identities", "list", "--json", "--quiet").json().items
      #expect(rows.count == 40)
      for row in rows {
        #expect(row["images"]?.int == 4)
        #expect((0.8...1).contains(row["concentration"]?.double ?? 0))
        #expect(row["kappa"]?.double ?? 0 > 32)
        #expect(row["nearest"]?["identity"]?.string != row["identity"]?.string)
      }
      let text = place.run("identities", "list", "--quiet").out
      #expect(text.contains("4 images  R 0.9"), "\(text)")
    }

    @Test func `capacity states its angles, the use made of it and what chance gives`() throws {
      let found = try place.run("identities", "capacity", "--fmr", "1e-3", "--json", "--quiet")
        .json()
      #expect(found["identities"]?.int == 40)
      #expect(found["log10Capacity"]?.double ?? 0 > 0)
      let used = try #require(found["used"]?.double)
      #expect(abs(used * pow(10, found["log10Capacity"]?.double ?? 0) - 40) < 1e-6)
      // N(N - 1)/2 · rate reaches 1 between these two.
      let rate = try #require(found["prototypeThreshold"]?["falseMatchRate"]?.double)
      let most = try #require(found["identitiesWithinBudget"]?.int)
      #expect(Double(most * (most - 1)) / 2 * rate <= 1.000001)
      #expect(Double(most * (most + 1)) / 2 * rate > 1)
      let stricter = try place.run(
        "identities", "capacity", "--fmr", "1e-2", "--json", "--quiet"
      ).json()
      #expect(stricter["log10Capacity"]?.double ?? 99 <= found["log10Capacity"]?.double ?? 0)
      #expect(place.run("identities", "capacity", "--quiet").out.contains("an upper bound"))
    }

    @Test func `without identities or thresholds it says what to do`() throws {
      let empty = Workplace.new(in: scratch, "empty")
      let none = empty.run("identities", "new", "--count", "1", "--quiet")
      #expect(none.code == 2 && none.err.contains("no digital image"), "\(none.said)")
      #expect(place.run("identities", "new", "--quiet").code == 64)
      #expect(place.run("identities", "list", "--workspace", empty.path).code != 0)
    }
  }
}
