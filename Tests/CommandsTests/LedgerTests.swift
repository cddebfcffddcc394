import Foundation
import SQLite
import Testing

extension BuiltProgram {
  /// Decisions are chained, explained, compared, listed, and a person's are never overruled. Works
  /// on vectors alone, so it needs no networks.
  struct LedgerTests {
    let scratch: Scratch
    let place: Workplace

    /// Rows of `a`: 0 and 1 are one picture, 2 and 3 another, 4 and 5 a third; the rest is apart.
    init() throws {
      scratch = try Scratch()
      var rows: [[Float]] = []
      for axis in 0..<3 {
        for twist in 0..<2 {
          var row = [Float](repeating: 0, count: 8)
          row[axis] = 1
          row[7] = Float(twist) * 0.02 * Float(axis + 1)
          rows.append(row)
        }
      }
      for axis in 3..<6 { rows.append((0..<8).map { $0 == axis ? 1 : 0 }) }
      place = Workplace.new(in: scratch, "vectors")
      try scratch.write(try Numbers.npy(rows), to: "a.npy")
      let ids = ["id,identity"] + rows.indices.map { "a\($0),p\($0)" }
      try scratch.write(ids.joined(separator: "\n"), to: "a.csv")
      let imported = place.run(
        "embeddings", "import", scratch["a.npy"], "--space", "identity", "--population", "digital",
        "--ids", scratch["a.csv"])
      #expect(imported.code == 0, "\(imported.said)")
    }

    @discardableResult
    private func dedup(_ words: String...) -> Tool.Result {
      place.run(
        ["dedup", "--space", "identity", "--similarity-at-least", "0.99", "--quiet"] + words)
    }

    private func quarantined() throws -> [String] {
      try place.run("quarantine", "list", "--json", "--quiet").json().items
        .compactMap { $0["path"]?.string }
    }

    private func answer(_ lines: String, _ words: String = "") -> Tool.Result {
      place.tool.shell(
        "printf '\(lines)' | d2r-curate review \(words) --workspace '\(place.path)'")
    }

    private func ledger() throws -> (count: Int, head: String, problems: [String]) {
      let document = try place.run("verify", "--json", "--quiet").json()
      let (count, hash) = (document["ledger"]?["count"]?.int, document["ledger"]?["hash"]?.string)
      return (
        try #require(count), "\(try #require(count)):\(try #require(hash))",
        document["problems"]?.items.compactMap { $0["message"]?.string } ?? []
      )
    }

    @Test func `a changed, and a cut off, ledger is found by verify`() throws {
      dedup("--apply")
      let before = try ledger()
      #expect(before.count == 3 && before.problems.isEmpty)
      #expect(place.run("status").out.contains("head \(before.head)"))
      #expect(place.run("verify", "--ledger-head", before.head).code == 0)
      let raw = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      for name in ["changed", "deleted"] {
        for table in ["decision", "link"] { try raw.run("DROP TRIGGER \(table)_is_not_\(name)") }
      }
      try raw.run("UPDATE decision SET reason = reason || '.' WHERE sequence = 2")
      let changed = place.run("verify")
      #expect(changed.code == 1)
      #expect(changed.out.contains("ledger: line 2 is not what was written"), "\(changed.said)")
      try raw.run("UPDATE decision SET reason = rtrim(reason, '.') WHERE sequence = 2")
      for table in ["link", "decision"] { try raw.run("DELETE FROM \(table) WHERE sequence = 3") }
      let cut = place.run("verify", "--ledger-head", before.head)
      #expect(cut.out.contains("2 lines where 3 were noted"), "\(cut.said)")
      #expect(place.run("verify", "--ledger-head", "nonsense").code == 64)
    }

    @Test func `every conflict with a person is listed with both opinions`() throws {
      dedup("--apply")
      #expect(try quarantined().count == 3)
      let aside = try quarantined()
      #expect(place.run("quarantine", "restore", aside[0], "--author", "ada").code == 0)
      #expect(place.run("protect", aside[1], "--author", "bob", "--reason", "rare").code == 0)
      let result = dedup("--apply")
      #expect(
        result.out.contains("rule duplicate says quarantine")
          && result.out.contains("bob said protect (rare, decision 5) and is not overruled"),
        "\(result.said)")
      let applied = try #require(try dedup("--apply", "--json").json()["applied"])
      #expect(applied["conflicts"]?.int == 2)
      let list = try #require(applied["conflictList"]).items
      #expect(list.map { $0["person"]?["author"]?.string } == ["ada", "bob"])
      #expect(list.map { $0["path"]?.string } == [aside[0], aside[1]].map { "digital/\($0)" })
      #expect(list.allSatisfy { $0["rule"]?["action"]?.string == "quarantine" })
      #expect(try quarantined() == [aside[2]])
      #expect(place.run("unprotect", aside[1]).code == 0)
      #expect(try quarantined() == [aside[1], aside[2]], "as it was before")
    }

    @Test func `protect reads a file, and refuses what it does not know`() throws {
      try scratch.write("a0\ndigital/a2\n5\n", to: "keep.txt")
      let result = place.run("protect", "--from-file", scratch["keep.txt"], "--json")
      #expect(try result.json()["protected"]?.int == 3, "\(result.said)")
      #expect(place.run("protect", "nobody").err.contains("the catalog has no image nobody"))
      #expect(place.run("protect").code == 64)
      #expect(place.run("unprotect", "a5").err.contains("is not protected"))
    }

    @Test func `review writes each answer at once, takes back, and goes on where one stopped`()
      throws
    {
      dedup()
      let first = answer("s\\nx\\nd\\nz\\nu\\nq\\n", "--author ada")
      #expect(first.code == 1, "\(first.said)")
      #expect(first.out.contains("2 answered, 2 left"))
      #expect(first.out.contains("[1/3] duplicate, near-duplicate"))
      #expect(first.out.contains("decided at identity cosine >= 0.9900"))
      #expect(first.err.contains("answer s (same), d (different)"))
      #expect(try quarantined().count == 1)
      let second = answer("d\\nd\\n", "--author ada")
      #expect(second.code == 0, "\(second.said)")
      #expect(second.out.contains("unsure before"))
      let rest = try place.run("review", "--json").json()
      #expect(rest["left"]?.int == 0)
      let again = dedup("--apply")
      #expect(again.out.contains("decided different by ada"))
      #expect(again.out.contains("2 left alone because a person decided otherwise"))
      #expect(try quarantined().count == 1)
      #expect(dedup().code == 0, "nothing waits")
      #expect(try ledger().problems.isEmpty)
    }

    @Test func `answers come back from a table, bad rows are listed and the rest goes on`() throws {
      dedup("--apply")
      let folder = scratch["queue"]
      #expect(place.run("review", "export", folder, "--json").out.contains("\"pairs\": 0"))
      let export = place.run("review", "export", folder, "--all", "--kind", "duplicates")
      #expect(export.out.contains("3 pairs to judge"), "\(export.said)")
      let page = try String(contentsOfFile: "\(folder)/review.html", encoding: .utf8)
      #expect(page.components(separatedBy: "<li class=\"match\"").count == 4)
      #expect(!page.contains(place.path))
      let lines = try String(contentsOfFile: "\(folder)/review.csv", encoding: .utf8)
        .split(separator: "\n")
      let pairs = lines.dropFirst().map { String($0.split(separator: ",")[0]) }
      try scratch.write(
        """
        answer,pair,note
        different,\(pairs[0]),"twins, says the label"
        same,\(pairs[1]),
        maybe,\(pairs[2]),
        same,0123456789abcdef,
        ,\(pairs[2]),
        same,\(pairs[0]),

        """, to: "answers.csv")
      let result = place.run("review", "import", scratch["answers.csv"], "--author", "ada")
      #expect(result.code == 1)
      for words in [
        "2 answers taken in, 0 known already, 1 empty, 3 not used", "row 3 (\(pairs[2])): 'maybe'",
        "row 4 (0123456789abcdef): no step in force found",
        "row 6 (\(pairs[0])): the pair is answered",
      ] { #expect(result.out.contains(words), "\(words)\n\(result.said)") }
      #expect(try quarantined().count == 2, "what rested on the first pair is taken back")
      let again = try place.run(
        "review", "import", scratch["answers.csv"], "--author", "ada", "--json"
      ).json()
      #expect(again["answers"]?.int == 0 && again["unchanged"]?.int == 2)
      #expect(place.run("undo").code == 0)
      #expect(try quarantined().count == 3)
      try scratch.write("a,b\n1,2\n", to: "wrong.csv")
      #expect(place.run("review", "import", scratch["wrong.csv"]).err.contains("columns pair and"))
    }

    @Test func `blame tells who decided what about an image, and why`() throws {
      dedup("--apply")
      let image = try #require(try quarantined().first)
      #expect(place.run("quarantine", "restore", image, "--author", "ada").code == 0)
      #expect(place.run("undo", "--author", "bob").code == 0)
      let story = place.run("blame", image)
      #expect(story.code == 0)
      for words in [
        "digital/\(image)", "indexed at 20", "vectors: identity", "pair  dedup 1: near-duplicate",
        "identity cosine >= 0.9900", "rule: quarantine by duplicate", "ada: restore by restore",
        "taken back by 5", "undoes 4", "now: in quarantine by decision 1",
      ] { #expect(story.out.contains(words), "\(words)\n\(story.out)") }
      let document = try place.run("blame", "digital/\(image)", "--json").json()
      #expect(document["decisions"]?.items.count == 3)
      #expect(document["state"]?.string == "in quarantine")
      let decision = try #require(document["decisions"]?.items.first)
      #expect(decision["threshold"]?["similarityAtLeast"]?.double == 0.99)
      #expect(decision["evidence"]?["threshold"]?["space"]?.string == "identity")
      #expect(place.run("blame", "nobody").code == 2)
    }

    @Test func `diff says what went in and out between states, workspaces and lists`() throws {
      let before = scratch["before"]
      #expect(place.run("export", "lists", before).code == 0)
      dedup("--apply")
      let aside = try quarantined()
      #expect(place.run("quarantine", "restore", aside[0], "--author", "ada").code == 0)
      let all = try place.run("diff", "0", "--json").json()
      #expect(
        all["left"]?.items.compactMap { $0["image"]?.string }
          == aside.dropFirst().map { "digital/\($0)" })
      #expect(all["left"]?.items.first?["rule"]?.string == "duplicate")
      let last = place.run("diff", "batch:1", "batch:2")
      #expect(last.code == 1)
      #expect(last.out.contains("+ digital/\(aside[0])"), "\(last.said)")
      #expect(place.run("diff", "now", "4").code == 0)
      #expect(place.run("diff", "2000-01-01", "0").code == 0)
      #expect(place.run("diff", "2000-01-01T00:00:00Z").code == 1)
      #expect(place.run("diff", "99").code == 2)
      let copy = try scratch.copy(place.path, to: "copy")
      #expect(place.run("diff", copy).code == 0)
      #expect(place.run("undo", "--decision", "2").code == 0)
      #expect(place.run("diff", copy).out.contains("1 joined the set"))
      let listed = place.run("diff", before)
      #expect(listed.code == 1)
      #expect(listed.out.contains("before to now: 1 left the set, 0 joined"), "\(listed.said)")
    }

    @Test func `the lists name every image with its ground, the same bytes every time`() throws {
      dedup("--apply")
      let aside = try quarantined()
      _ = place.run("protect", "a8", "--author", "ada", "--reason", "the only one")
      let (one, two) = (scratch["one"], scratch["two"])
      #expect(try place.run("export", "lists", one, "--json").json()["removed"]?.int == 3)
      #expect(place.run("export", "lists", two).code == 0)
      #expect(contents(of: one) == contents(of: two))
      #expect(contents(of: one).count == 4)
      let removed = try String(contentsOfFile: "\(one)/removed.csv", encoding: .utf8)
      #expect(removed.split(separator: "\n").count == 4)
      #expect(aside.allSatisfy { removed.contains(",\($0),") })
      let lines = try String(contentsOfFile: "\(one)/removed.jsonl", encoding: .utf8)
        .split(separator: "\n")
      let row = try JSON(parsing: String(lines[0]))
      #expect(row["rule"]?.string == "duplicate" && row["author"]?.string == "rule")
      #expect(row["threshold"]?.double == 0.99 && row["space"]?.string == "identity")
      #expect(row["identity_similarity"]?.double ?? 0 > 0.99)
      #expect(row["keeper_path"]?.string?.hasPrefix("a") == true)
      #expect(row["step"]?.string?.count == 64 && row["decision"]?.int != nil)
      let kept = try String(contentsOfFile: "\(one)/kept.jsonl", encoding: .utf8)
      #expect(kept.split(separator: "\n").count == 6)
      #expect(kept.contains("\"author\":\"ada\""))
      #expect(!contents(of: one).values.contains { $0.contains(Data(scratch.path.utf8)) })
    }

    @Test func `a purge removes the vectors, and says what cannot be undone`() throws {
      dedup("--apply")
      let aside = try quarantined()
      let shards = contents(of: "\(place.path)/vectors")
      let asked = place.run("quarantine", "purge", aside[0])
      #expect(asked.code == 1)
      #expect(asked.err.contains("nothing was deleted"))
      #expect(contents(of: "\(place.path)/vectors") == shards)
      let done = try place.run(
        "quarantine", "purge", aside[0], "--yes", "--author", "ada", "--json", "--quiet"
      ).json()
      #expect(done["vectors"]?.int == 1 && done["shards"]?.int == 1)
      let after = contents(of: "\(place.path)/vectors")
      #expect(Set(after.keys).isDisjoint(with: shards.keys), "written anew")
      #expect(after.values.map(\.count) == shards.values.map { $0.count - 32 })
      #expect(try quarantined() == Array(aside.dropFirst()))
      #expect(try ledger().problems.isEmpty)
      let undone = place.run("undo")
      #expect(undone.code == 2)
      #expect(undone.err.contains("what was deleted cannot be brought back"))
      #expect(place.run("diff", "0").out.contains("- digital/\(aside[0])"))
      #expect(place.run("blame", aside[0]).out.contains("now: purged by decision 4"))
      #expect(dedup("--apply").code == 0)
      #expect(place.run("quarantine", "purge", "a8", "--yes").err.contains("not in quarantine"))
      let lists = try place.run("export", "lists", scratch["lists"], "--json").json()
      #expect(lists["removed"]?.int == 3)
    }
  }
}
