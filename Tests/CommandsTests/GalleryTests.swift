import Foundation
import Testing

extension BuiltProgram {
  /// Galleries of which only encrypted vectors are kept, on vectors that need no network.
  struct GalleryTests {
    let scratch: Scratch
    let place: Workplace
    let gallery = GalleryTests.people(30, each: 3, seed: 21)

    init() throws {
      scratch = try Scratch()
      place = Self.workplace(in: scratch, "new")
      try take(gallery, into: place, population: "reference", as: "secret-name")
      var suspects = Self.people(8, each: 3, seed: 22)
      suspects[4] = gallery[10]
      suspects[7] = gallery[50].map { $0 * 3 }
      try take(suspects, into: place, population: "digital", as: "render")
    }

    private static let width = 32
    private var key: String { scratch["gallery.key"] }

    private static func workplace(in scratch: Scratch, _ name: String) -> Workplace {
      var place = Workplace.new(in: scratch, name)
      place.tool.environment["XDG_CONFIG_HOME"] = scratch["config"]
      place.tool.environment["USER"] = "ada"
      return place
    }

    private static func people(_ count: Int, each: Int, seed: UInt64) -> [[Float]] {
      var dice = Numbers(seed: seed)
      return (0..<count).flatMap { _ in
        let centre = (0..<width).map { _ in dice.normal() }
        return (0..<each).map { _ in centre.map { $0 + 0.08 * dice.normal() } }
      }
    }

    private func take(
      _ rows: [[Float]], into place: Workplace, population: String, as name: String
    ) throws {
      let file = try scratch.write(try Numbers.npy(rows), to: "in/\(name).npy")
      let lines = rows.indices.map { "\(name)-\($0).png,\(name)-\($0 / 3)" }
      let table = try scratch.write(
        (["id,identity"] + lines).joined(separator: "\n") + "\n", to: "in/\(name).csv")
      let taken = place.run(
        "embeddings", "import", file, "--space", "identity", "--population", population, "--ids",
        table, "--quiet")
      try #require(taken.code == 0, "\(taken.said)")
    }

    private func leaks(_ place: Workplace, _ more: String...) -> Tool.Result {
      place.run(["leaks", "--similarity-at-least", "0.99", "--json", "--quiet"] + more)
    }

    private func pairs(_ result: Tool.Result) throws -> [[Double]] {
      try #require(result.json()["pairs"]).items.map { pair in
        [
          Double(pair["removed"]?["image"]?.int ?? 0), Double(pair["kept"]?["image"]?.int ?? 0),
          pair["identitySimilarity"]?.double ?? 0,
        ]
      }
    }

    private func seal() throws {
      let sealed = place.run("gallery", "seal", "--key", key, "--name", "staff", "--quiet")
      try #require(sealed.code == 0, "\(sealed.said)")
    }

    @Test func `a sealed gallery gives the same leaks, and keeps neither names nor vectors`() throws
    {
      let before = try pairs(leaks(place))
      #expect(before.count >= 2)
      let digest = try certificateDigest()
      try seal()
      let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
      // Nothing of what was there in the clear is left in any file of the workspace.
      let bytes = gallery[0].prefix(4).flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }
      for (name, data) in contents(of: place.path) where !name.hasPrefix("reports/") {
        #expect(data.firstRange(of: Data("secret-name".utf8)) == nil, "a name is left in \(name)")
        #expect(data.firstRange(of: Data(bytes)) == nil, "a vector is left in \(name)")
      }
      let found = leaks(place, "--gallery-key", key)
      #expect(found.code == 1, "\(found.said)")
      #expect(try pairs(found) == before)
      #expect(!found.out.contains("secret-name"))
      #expect(try certificateDigest("--gallery-key", key) == digest, "over templates alone")
      #expect(place.run("verify", "--quiet").code == 0)
      #expect(place.run("verify", "--quiet", "--gallery-key", key).code == 0)
    }

    @Test func `a sealing that was cut off is finished by the next one`() throws {
      let plain = contents(of: "\(place.path)/vectors")
      try seal()
      let now = contents(of: "\(place.path)/vectors").keys
      let gone = try #require(plain.first { !now.contains($0.key) && $0.key.hasSuffix(".shard") })
      try scratch.write(gone.value, to: "new/vectors/\(gone.key)")
      let again = place.run("gallery", "seal", "--key", key, "--quiet")
      #expect(again.code == 0 && again.out.contains("1 plain shards removed"), "\(again.said)")
      #expect(!contents(of: "\(place.path)/vectors").keys.contains(gone.key))
      let nothing = place.run("gallery", "seal", "--key", key)
      #expect(nothing.code == 2 && nothing.err.contains("no open reference gallery"))
    }

    /// The gallery's digest, as a certificate states it.
    private func certificateDigest(_ more: String...) throws -> String? {
      let made = place.run(
        ["certify", "--json", "--quiet", "--output", scratch["out"]] + more)
      return try made.json()["certificate"]?["gallery"]?["digest"]?.string
    }

    @Test func `without the key, or with another, nothing is compared`() throws {
      try seal()
      let without = leaks(place)
      #expect(without.code == 2)
      #expect(without.err.contains("sealed, and no key was given"), "\(without.said)")
      #expect(without.err.contains("--gallery-key FILE"), "\(without.said)")
      let other = scratch["other.key"]
      var elsewhere = Self.workplace(in: scratch, "elsewhere")
      try take(gallery, into: elsewhere, population: "reference", as: "x")
      #expect(elsewhere.run("gallery", "seal", "--key", other, "--quiet").code == 0)
      let wrong = leaks(place, "--gallery-key", other)
      #expect(wrong.code == 2 && wrong.err.contains("the one given is another"), "\(wrong.said)")
      elsewhere = place
      elsewhere.tool.environment["D2R_GALLERY_KEY"] = key
      #expect(leaks(elsewhere).code == 1, "the environment names the key")
      #expect(leaks(place, "--gallery-key", other, "--gallery-key", key).code == 1)
      let export = place.run(
        "embeddings", "export", scratch["o.npy"], "--space", "identity", "--gallery-key", key)
      #expect(export.code == 2 && export.err.contains("never written in the clear"))
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
      #expect(place.run("calibrate", "--gallery-key", key).err.contains("chmod 600"))
    }

    @Test func `every use of a sealed gallery is in its log`() throws {
      try seal()
      #expect(place.run("gallery", "list", "--quiet").out.contains("staff  90 vectors"))
      _ = leaks(place)
      _ = leaks(place, "--gallery-key", key)
      _ = place.run("calibrate", "--quiet", "--gallery-key", key)
      let lines = try place.run("gallery", "log", "--json", "--quiet").json().items
      let said = lines.map { "\($0["action"]?.string ?? "") \($0["verb"]?.string ?? "")" }
      #expect(
        said == ["sealed gallery seal", "opened leaks", "compared leaks", "opened calibrate"],
        "\(said)")
      #expect(lines.allSatisfy { $0["author"]?.string == "ada" })
      #expect(lines.first { $0["action"]?.string == "compared" }?["comparisons"]?.int == 24 * 90)
      #expect(place.run("gallery", "log", "nobody", "--quiet").code == 2)
      let dry = place.run(
        "dedup", "--population", "reference", "--similarity-at-least", "0.98", "--gallery-key", key,
        "--dry-run")
      #expect(dry.code == 2 && dry.err.contains("no line in its log"), "\(dry.said)")
    }

    @Test func `a gallery travels as one file, and no changed byte of it is accepted`() throws {
      let before = try pairs(leaks(place))
      try seal()
      let (file, theirs) = (scratch["staff.sealed"], scratch["theirs.key"])
      let exported = place.run(
        "gallery", "export", "staff", file, "--key", theirs, "--gallery-key", key, "--quiet")
      #expect(exported.code == 0, "\(exported.said)")
      let lab = Self.workplace(in: scratch, "lab")
      let unopened = lab.run("gallery", "import", file, "--gallery-key", key)
      #expect(unopened.code == 2 && unopened.err.contains("the one given is another"))
      let bytes = Array(try #require(FileManager.default.contents(atPath: file)))
      for place in [0, 5, 6, 9, 41, 60, 119, 121, 144, 200, bytes.count / 2, bytes.count - 1] {
        var changed = bytes
        changed[place] ^= 4
        let path = try scratch.write(changed, to: "changed.sealed")
        let result = lab.run("gallery", "import", path, "--gallery-key", theirs)
        #expect(result.code == 2 && result.err.contains("try: "), "byte \(place): \(result.said)")
      }
      let cut = try scratch.write(bytes.dropLast(40), to: "cut.sealed")
      #expect(lab.run("gallery", "import", cut, "--gallery-key", theirs).code == 2)
      let taken = lab.run("gallery", "import", file, "--gallery-key", theirs, "--quiet")
      #expect(taken.code == 0, "\(taken.said)")
      #expect(lab.run("gallery", "import", file, "--gallery-key", theirs).code == 2, "twice")
      var suspects = Self.people(8, each: 3, seed: 22)
      suspects[4] = gallery[10]
      suspects[7] = gallery[50].map { $0 * 3 }
      try take(suspects, into: lab, population: "digital", as: "render")
      let found = try pairs(leaks(lab, "--gallery-key", theirs))
      #expect(found.map { $0[2] } == before.map { $0[2] })
      #expect(try lab.verify().problems == 0)
    }

    @Test func `a passphrase seals as well as a key`() throws {
      let words = try scratch.write("five words nobody will guess\n", to: "words.txt")
      let open = place.run("gallery", "seal", "--passphrase", words, "--quiet")
      #expect(open.code == 2 && open.err.contains("chmod 600"), "\(open.said)")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: words)
      #expect(place.run("gallery", "seal", "--passphrase", words, "--quiet").code == 0)
      #expect(leaks(place, "--gallery-key", words).code == 1)
      let wrong = try scratch.write("five words nobody would guess\n", to: "wrong.txt")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: wrong)
      let refused = place.run("calibrate", "--gallery-key", wrong)
      #expect(refused.code == 2 && refused.err.contains("the one given is another"))
    }

    @Test func `a purge leaves nothing to open, and a statement that can be checked`() throws {
      try seal()
      let copy = try scratch.copy("\(place.path)/vectors", to: "copy")
      let refused = place.run("gallery", "purge", "staff", "--destroy-key", scratch["none"])
      #expect(refused.code == 2, "\(refused.said)")
      #expect(place.run("gallery", "list").out.contains("sealed"))
      let purged = place.run("gallery", "purge", "staff", "--destroy-key", key, "--quiet")
      #expect(purged.code == 0, "\(purged.said)")
      #expect(purged.out.contains("90 vectors destroyed, with their key"))
      #expect(!FileManager.default.fileExists(atPath: key))
      #expect(contents(of: "\(place.path)/vectors").keys.allSatisfy { !$0.hasSuffix(".sealed") })
      #expect(contents(of: copy).keys.contains { $0.hasSuffix(".sealed") }, "a test of nothing")
      let statement = "\(place.path)/reports/purge-staff.json"
      let checked = place.run("verify", statement, "--replay", "0")
      #expect(checked.code == 0 && checked.out.contains("gallery staff, 90 vectors"))
      let forged = try String(contentsOfFile: statement, encoding: .utf8)
        .replacingOccurrences(of: "\"vectors\":90", with: "\"vectors\":91")
      #expect(Tool().run("verify", try scratch.write(forged, to: "forged.json")).code == 1)
      #expect(place.run("gallery", "list", "--quiet").out.contains("purged"))
      #expect(leaks(place).code == 2, "there is nothing to compare with")
      #expect(place.run("gallery", "purge", "staff").code == 2)
      #expect(try place.verify().problems == 0)
    }
  }
}
