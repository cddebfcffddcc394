import Foundation
import Testing

extension BuiltProgram {
  /// What was planted is found, nothing changes unasked, and everything can be taken back.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct CurationTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = try Demo.shared.workspace(in: scratch)
      #expect(place.run("calibrate", "--quiet").code == 0)
      #expect(place.run("calibrate", "--cohort", "digital", "--quiet").code == 0)
    }

    private func quarantined() throws -> [JSON] {
      try place.run("quarantine", "list", "--json", "--quiet").json().items
    }

    /// Paths of both sides of a step's pairs, relative to the digital folder.
    private func sides(_ verb: String) throws -> [(kept: String, removed: String)] {
      let pairs = try #require(try place.run(verb, "--json", "--quiet").json()["pairs"])
      return pairs.items.map {
        ($0["kept"]?["path"]?.string ?? "", $0["removed"]?["path"]?.string ?? "")
      }
    }

    @Test func `planted copies are found, mirrored and re-encoded ones too`() throws {
      let pairs = try sides("dedup")
      let planted = try Demo.shared.key().filter { $0.kind == "duplicate" }.map(\.path)
      let found = Set(pairs.flatMap { [$0.kept, $0.removed] })
      let missed = planted.filter { !found.contains($0) }
      #expect(planted.count == 14)
      #expect(missed.count <= 1, "missed \(missed)")
      let surplus = pairs.filter { pair in
        !planted.contains(pair.kept) && !planted.contains(pair.removed)
      }
      #expect(surplus.count <= 2, "not planted: \(surplus)")
    }

    @Test func `planted leaks are found with the picture they show`() throws {
      let result = place.run("leaks", "--json", "--quiet")
      #expect(result.code == 1)
      let pairs = try #require(try result.json()["pairs"]).items
      let planted = try Demo.shared.key().filter { $0.kind == "leak" }.map(\.path)
      let found = Set(pairs.compactMap { $0["removed"]?["path"]?.string })
      #expect(planted.count == 11)
      let missed = planted.filter { !found.contains($0) }
      #expect(missed.count <= 1, "missed \(missed)")
      for pair in pairs { #expect(pair["kept"]?["population"]?.string == "reference") }
      for path in planted where path.contains("/leak-") {
        let tiers = pairs.filter { $0["removed"]?["path"]?.string == path }
          .compactMap { $0["tier"]?.string }
        #expect(tiers.isEmpty || tiers.contains("same-picture"), "\(path): \(tiers)")
      }
    }

    @Test func `without apply nothing is put aside, with apply it is, and undo takes it back`()
      throws
    {
      let proposals = place.run("dedup", "--quiet")
      #expect(proposals.code == 1)
      #expect(try quarantined().isEmpty)
      let applied = place.run("dedup", "--apply", "--quiet")
      #expect(applied.code == 0, "\(applied.said)")
      let aside = try quarantined()
      #expect(aside.count >= 13)
      #expect(place.run("dedup", "--quiet").code == 0, "nothing waits any more")
      let again = try place.run("dedup", "--apply", "--json", "--quiet").json()
      #expect(again["applied"]?["quarantined"]?.int == 0)
      #expect(again["applied"]?["unchanged"]?.int == aside.count)
      let undone = try place.run("undo", "--json", "--quiet").json()
      #expect(undone["undone"]?.int == aside.count)
      #expect(try quarantined().isEmpty)
      #expect(place.run("dedup", "--quiet").code == 1, "the proposals wait again")
      #expect(try place.verify().problems == 0)
      #expect(contents(of: Demo.shared.digital).count >= 63, "no picture was touched")
    }

    @Test func `the audit finds duplicates that were taken back`() throws {
      #expect(place.run("dedup", "--apply", "--quiet").code == 0)
      let rule = "no-unresolved-duplicates"
      #expect(place.run("audit", "--quiet").out.contains("passed  \(rule)"))
      #expect(place.run("undo", "--quiet").code == 0)
      let audit = place.run("audit", "--quiet")
      #expect(audit.code == 1)
      #expect(audit.out.contains("FOUND   \(rule)"), "\(audit.said)")
    }

    @Test func `an image a person put back stays, whatever a rule says`() throws {
      #expect(place.run("dedup", "--apply", "--quiet").code == 0)
      let first = try #require(try quarantined().first)
      let image = try #require(first["image"]?.int)
      let restored = place.run(
        "quarantine", "restore", "\(image)", "--author", "ada", "--reason", "a twin", "--quiet")
      #expect(restored.code == 0, "\(restored.said)")
      let applied = try place.run("dedup", "--apply", "--json", "--quiet").json()
      #expect(applied["applied"]?["conflicts"]?.int == 1)
      #expect(try !quarantined().contains { $0["image"]?.int == image })
      let decisions = try #require(applied["pairs"]).items.filter {
        $0["removed"]?["image"]?.int == image
      }
      #expect(decisions.allSatisfy { $0["decision"]?.string == "kept by a person" })
      #expect(place.run("dedup", "--quiet").code == 0, "a person has decided")
      let twice = place.run("quarantine", "restore", "\(image)")
      #expect(twice.code == 2)
      #expect(twice.err.contains("not in quarantine"))
    }

    @Test func `one decision of many can be taken back by its number`() throws {
      #expect(place.run("dedup", "--apply", "--quiet").code == 0)
      let before = try quarantined()
      let number = try #require(before.last?["decision"]?.int)
      #expect(place.run("undo", "--decision", "\(number)", "--quiet").code == 0)
      let after = try quarantined()
      #expect(after.count == before.count - 1)
      #expect(!after.contains { $0["decision"]?.int == number })
    }

    @Test func `fill brings every identity to its quota, all of it recorded and gated`() throws {
      #expect(place.run("dedup", "--apply", "--quiet").code == 0)
      #expect(place.run("leaks", "--apply", "--quiet").code == 0)
      let planned = try place.run("fill", "--dry-run", "--json", "--quiet").json()
      let filled = place.run("fill", "--json", "--quiet")
      let document = try filled.json()
      let accepted = try #require(document["accepted"]?.int)
      let shortfall = try #require(document["shortfall"]?.int)
      #expect(filled.code == (shortfall == 0 ? 0 : 1))
      #expect(planned["missing"]?.int == accepted + shortfall)
      let pictures = contents(of: "\(place.path)/generated")
      #expect(pictures.count == accepted)
      let rows = try place.run("report", "quota", "--json", "--quiet").json().items
      #expect(rows.count == 6)
      for row in rows {
        let wanted = try #require(row["wanted"]?.int)
        let had = try #require(row["had"]?.int)
        let got = try #require(row["accepted"]?.int)
        let short = try #require(row["shortfall"]?.int)
        #expect(max(0, wanted - had - got) == short)
        #expect(short == 0 || row["reason"]?.string?.isEmpty == false)
      }
      let second = try place.run("fill", "--json", "--quiet").json()
      #expect(second["attempts"]?.int == document["attempts"]?.int, "nothing more was asked for")
      let audit = place.run("audit", "--quiet")
      #expect(audit.out.contains("passed  generated-pictures-passed-the-gate"), "\(audit.said)")
    }

    @Test func `a budget of no candidates ends as a recorded shortfall`() throws {
      let filled = place.run("fill", "--budget", "0", "--json", "--quiet")
      #expect(filled.code == 1)
      let document = try filled.json()
      #expect(document["attempts"]?.int == 0)
      #expect(document["shortfall"]?.int ?? 0 > 0)
      let rows = try place.run("report", "quota", "--json").json().items
      #expect(rows.contains { $0["shortfall"]?.int ?? 0 > 0 })
    }

    @Test func `verify finds a rotten shard, a changed picture and a missing one`() throws {
      #expect(place.run("fill", "--budget", "16", "--quiet").code < 2)
      #expect(try place.verify().problems == 0)
      let pictures = contents(of: "\(place.path)/generated").keys.sorted()
      try #require(pictures.count >= 2)
      try FileManager.default.removeItem(atPath: "\(place.path)/generated/\(pictures[0])")
      try scratch.write([1, 2, 3], to: "workspace/generated/\(pictures[1])")
      let shards = contents(of: "\(place.path)/vectors")
      let shard = try #require(shards.keys.sorted().first)
      var bytes = try #require(shards[shard])
      bytes[bytes.count - 5] ^= 4
      try scratch.write(bytes, to: "workspace/vectors/\(shard)")
      let result = place.run("verify")
      #expect(result.code == 1)
      for name in [pictures[0], pictures[1], shard] {
        #expect(result.out.contains(name), "\(result.said)")
      }
    }
  }
}
