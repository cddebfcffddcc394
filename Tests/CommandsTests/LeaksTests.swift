import Foundation
import Imaging
import Testing

extension BuiltProgram {
  /// The leak search on planted people, as vectors; no network is needed.
  struct LeaksTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    private func search(_ words: String...) throws -> JSON {
      let result = place.run(["leaks", "--json", "--quiet"] + words)
      #expect(result.code < 2, "\(result.said)")
      return try result.json()
    }

    /// Forty gallery people with two looks each, and twenty identities of the set; the first ten hold
    /// one picture of a gallery person among nine of their own.
    private func plantHidden() throws {
      let gallery = Crowd(40, each: 6, looks: 2, seed: 11)
      var digital = Crowd(20, each: 9, seed: 12)
      for person in 0..<10 {
        digital.add(Crowd.near(gallery.rows[6 * person], seed: UInt64(person)), "p\(person)")
      }
      #expect(try gallery.enter(place, scratch, as: "reference", "g").code == 0)
      #expect(try digital.enter(place, scratch, as: "digital", "d").code == 0)
      #expect(place.run("calibrate", "--quiet").code == 0)
    }

    @Test func `single images that class means hide are found, by images and by prototypes`()
      throws
    {
      try plantHidden()
      let found = try search()
      #expect(found["leaks"]?.int == 10)
      #expect(found["prototypes"]?["leaks"]?.int == 10)
      #expect(found["prototypes"]?["mostPerIdentity"]?.int ?? 0 >= 2)
      #expect(found["classMeans"]?["of"]?.int == 10)
      #expect(found["classMeans"]?["found"]?.int ?? 99 <= 1)
      let leaking = found["pairs"]?.items.filter { $0["verdict"]?.string == "reject" } ?? []
      let paths = Set(leaking.compactMap { $0["removed"]?["path"]?.string })
      #expect(paths == Set((180..<190).map { "d-\($0)" }))
      let prototype = leaking.first { $0["tier"]?.string == "prototype" }
      #expect(prototype?["prototype"]?["of"]?.int ?? 0 >= 2)
      #expect(prototype?["prototype"]?["images"]?.int ?? 0 >= 2)
      let only = try search("--no-prototypes")
      #expect(only["leaks"]?.int == 10)
      #expect(only["prototypes"].map { $0.value is NSNull } == true)
    }

    @Test func `means find whole identities of a gallery person`() throws {
      let gallery = Crowd(40, each: 4, seed: 21)
      var digital = Crowd(20, each: 4, seed: 22)
      for row in 0..<4 { digital.rows[row] = Crowd.near(gallery.rows[row], seed: UInt64(row)) }
      try gallery.enter(place, scratch, as: "reference", "g")
      try digital.enter(place, scratch, as: "digital", "d")
      #expect(place.run("calibrate", "--quiet").code == 0)
      let found = try search()
      #expect(found["classMeans"]?["found"]?.int == 4)
      #expect(found["classMeans"]?["identitiesFound"]?.int == 1)
    }

    @Test func `a prototype finds a person whom no single image gives away`() throws {
      let gallery = Crowd(40, each: 8, spread: 0.8, seed: 31)
      var digital = Crowd(20, each: 4, seed: 32)
      for person in 0..<10 {
        let own = gallery.rows[8 * person..<8 * person + 8]
        let centre = (0..<Crowd.width).map { column in
          own.reduce(Float(0)) { $0 + $1[column] } / 8
        }
        digital.add(Crowd.near(centre, spread: 0.8, seed: 90 + UInt64(person)), "p\(person)")
      }
      try gallery.enter(place, scratch, as: "reference", "g")
      try digital.enter(place, scratch, as: "digital", "d")
      #expect(place.run("calibrate", "--quiet").code == 0)
      let found = try search("--fmr", "1e-4")
      #expect(found["prototypes"]?["onlyByPrototype"]?.int ?? 0 >= 2, "\(found)")
      let scores = try #require(found["prototypes"]?["impostorScores"]?.int)
      #expect(scores > 0 && scores % 8 == 0)
      let own = found["prototypes"]?["threshold"]?["similarityAtLeast"]?.double
      #expect(own != found["threshold"]?["similarityAtLeast"]?.double)
    }

    @Test func `both verdicts are explicit, and apply writes what it is asked to`() throws {
      try plantHidden()
      let found = try search()
      let reject = try #require(found["verdicts"]?["reject"])
      #expect(reject["askedFalseMatchRate"]?.double == 1e-6)
      #expect(reject["falseMatchRate"]?.double ?? 0 > 1e-6)
      #expect(reject["origin"]?.string?.contains("no smaller rate") == true)
      #expect(reject["images"]?.int == 10)
      let text = place.run("leaks", "--quiet").out
      #expect(text.contains("1e-6 was asked for"), "\(text)")
      #expect(text.contains("class means would have found"))
      #expect(text.contains("mirrored: not compared"))
      let review = try search("--review-fmr", "1e-2")["verdicts"]?["quarantine"]?["images"]?.int
      #expect(review ?? 0 > 0)
      #expect(place.run("leaks", "--apply-review", "--quiet").code == 64)
      let applied = try search("--review-fmr", "1e-2", "--apply", "--apply-review")
      #expect(applied["applied"]?["quarantined"]?.int == 10 + (review ?? 0))
      let rules = try place.run("quarantine", "list", "--json", "--quiet").json().items
        .compactMap { $0["rule"]?.string }
      #expect(Set(rules) == ["leak", "leak-review"])
      #expect(place.run("undo", "--quiet").code == 0)
      #expect(try place.run("quarantine", "list", "--json", "--quiet").json().items.isEmpty)
    }

    @Test func `an empty gallery is an error, one picture or equal vectors are not`() throws {
      var digital = Crowd(3, each: 2, seed: 41)
      try digital.enter(place, scratch, as: "digital", "d")
      let words = ["leaks", "--similarity-at-least", "0.99", "--json", "--quiet"]
      let empty = place.run(words)
      #expect(empty.code == 2)
      #expect(empty.err.contains("no reference image"), "\(empty.said)")
      var one = Crowd()
      one.add(digital.rows[0], "only")
      try one.enter(place, scratch, as: "reference", "g")
      let single = try place.run(words).json()
      #expect(single["leaks"]?.int == 1)
      #expect(single["comparisons"]?.int == 6)
      #expect(single["prototypes"]?["count"]?.int == 0)
      for _ in 0..<5 { digital.add(digital.rows[0], "p0") }
      var equal = Crowd()
      for _ in 0..<4 { equal.add(digital.rows[0], "only") }
      try equal.enter(place, scratch, as: "reference", "h")
      try digital.enter(place, scratch, as: "digital", "e")
      let same = place.run(words)
      #expect(same.code == 1, "\(same.said)")
      // d-0 and e-0, and the five that repeat them.
      #expect(try same.json()["leaks"]?.int == 7)
    }

    @Test func `the page of leaks shows rates, means and collisions`() throws {
      try plantHidden()
      _ = try search("--apply")
      #expect(place.run("collisions", "--quiet").code < 2)
      let table = try place.run("report", "leaks", "--json", "--quiet").json()
      #expect(table.items.count == 10)
      #expect(table.items.allSatisfy { $0["orientation"]?.string == "as-is" })
      let page = try String(
        contentsOfFile: "\(place.path)/reports/leaks/index.html", encoding: .utf8)
      for text in [
        "How leaks were searched", "prototypes", "class means would have found", "0 of 10",
        "these images have no mirrored vectors", "Identity collisions", "expected by chance",
      ] { #expect(page.contains(text), "\(text)") }
    }
  }

  /// The same on pictures.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct MirroredLeaksTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A workspace with the demonstration's gallery and three of its pictures, mirrored, in the set.
    private func workplace(_ options: [String]) throws -> Workplace {
      let place = Workplace.new(in: scratch, "w\(options.count)", options: options)
      for person in 20..<23 {
        let file = "\(Demo.shared.reference)/reference-\(person)/0.jpg"
        let bytes = try #require(FileManager.default.contents(atPath: file))
        let picture = try PictureDecoder.decode(Array(bytes)).picture.mirrored()
        try scratch.write(
          try PictureEncoder.jpeg(picture, quality: 95), to: "mirrored/m\(person)/0.jpg")
      }
      for (folder, population) in [
        (scratch["mirrored"], "digital"), (Demo.shared.reference, "reference"),
      ] {
        let indexed = place.run("index", folder, "--population", population, "--quiet")
        #expect(indexed.code == 0, "\(indexed.said)")
      }
      #expect(place.run("calibrate", "--quiet").code == 0)
      return place
    }

    @Test func `a mirrored picture is found the other way round`() throws {
      let place = try workplace([])
      let found = try place.run("leaks", "--json", "--quiet").json()
      #expect(found["leaks"]?.int == 3)
      #expect(found["mirrored"]?["compared"]?.int == 3)
      for person in 20..<23 {
        let pair = try #require(
          found["pairs"]?.items.first {
            $0["removed"]?["path"]?.string == "m\(person)/0.jpg"
              && $0["kept"]?["path"]?.string == "reference-\(person)/0.jpg"
              && $0["tier"]?.string != "prototype"
          })
        #expect(pair["tier"]?.string == "same-picture")
        let turned = try #require(pair["mirroredSimilarity"]?.double)
        #expect(turned > 0.95)
        #expect(turned > pair["asIsSimilarity"]?.double ?? 1)
        #expect(["mirrored", "both"].contains(pair["orientation"]?.string))
      }
      #expect(try place.verify().problems == 0)
    }

    @Test func `without mirrored vectors it says so`() throws {
      let place = try workplace(["--no-mirrored"])
      let found = place.run("leaks", "--quiet")
      #expect(found.out.contains("mirrored: not compared"), "\(found.said)")
      #expect(try place.verify().problems == 0)
    }
  }
}
