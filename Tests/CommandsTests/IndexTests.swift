import Domain
import Foundation
import Imaging
import Testing

extension BuiltProgram {
  /// Folders of pictures as people have them.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct IndexTests {
    let scratch: Scratch
    let place: Workplace
    /// Files of demonstration pictures, each another one.
    let pictures: [[UInt8]]

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
      let files = contents(of: Demo.shared.reference)
      pictures = files.keys.sorted().prefix(24).compactMap { files[$0].map(Array.init) }
    }

    private func index(_ folder: String, _ options: String...) throws -> JSON {
      let words = ["index", scratch[folder], "--population", "digital", "--json", "--quiet"]
      let result = place.run(words + options)
      #expect(result.code == 0, "\(result.said)")
      return try result.json()
    }

    private func counts(_ summary: JSON) -> [String: Int] {
      var counts: [String: Int] = [:]
      for key in ["added", "replaced", "unchanged", "missing", "rejected"] {
        if let count = summary[key]?.int, count > 0 { counts[key] = count }
      }
      return counts
    }

    private func outcomes(_ file: String) throws -> [String: (outcome: String, reason: String)] {
      let text = try String(contentsOfFile: scratch[file], encoding: .utf8)
      let lines = text.split(whereSeparator: \.isNewline)
      #expect(lines.first == "path,outcome,reason,sha256")
      return Dictionary(
        uniqueKeysWithValues: lines.dropFirst().map { line in
          let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          return (cells[0], (cells[1], cells[2]))
        })
    }

    static let layouts: [(name: String, paths: [String], identities: Int)] = [
      ("identity-folders", ["ann/1.jpg", "ann/2.jpg", "bob/x.jpg"], 2),
      ("digiface", ["0/0.png", "0/1.png", "17/0.png"], 2),
      ("flat", ["one.jpg", "two.jpg", "three.jpg"], 0),
      ("ffhq", ["00000/00000.png", "00000/00001.png", "01000/01000.png"], 0),
    ]

    @Test(arguments: layouts)
    func `a folder is understood in each layout`(
      layout: (name: String, paths: [String], identities: Int)
    ) throws {
      for (path, bytes) in zip(layout.paths, pictures) {
        try scratch.write(bytes, to: "set/\(path)")
      }
      let summary = try index("set", "--layout", layout.name)
      #expect(summary["layout"]?.string == layout.name)
      #expect(counts(summary) == ["added": 3])
      let populations = try place.run("status", "--json").json()["populations"]
      let status = try #require(populations?.items.first)
      #expect(status["identities"]?.int == layout.identities)
      #expect(status["population"]?.string == "digital")
    }

    @Test func `only what is new or changed is looked at again, and what is gone is noted`() throws
    {
      for (number, bytes) in pictures.prefix(6).enumerated() {
        try scratch.write(bytes, to: "set/ann/\(number).jpg")
      }
      #expect(counts(try index("set")) == ["added": 6])
      #expect(counts(try index("set")) == ["unchanged": 6])
      try scratch.write(pictures[10], to: "set/ann/2.jpg")
      try scratch.write(pictures[11], to: "set/bob/0.jpg")
      try FileManager.default.removeItem(atPath: scratch["set/ann/5.jpg"])
      #expect(
        counts(try index("set"))
          == ["added": 1, "replaced": 1, "unchanged": 4, "missing": 1])
      #expect(try place.verify().problems == 0)
      try scratch.write(pictures[5], to: "set/ann/5.jpg")
      let back = counts(try index("set"))
      #expect(back["unchanged"] ?? 0 >= 6 && back["missing"] == nil, "\(back)")
      #expect(try place.verify().problems == 0)
      let pictures = place.run("verify", "--pictures", "--json", "--quiet")
      #expect(try pictures.json()["pictures"]?.int == 7, "\(pictures.said)")
    }

    @Test func `damaged files among good ones are each listed with a reason`() throws {
      var dice = Numbers(seed: 20_240_613)
      for (number, good) in pictures.prefix(12).enumerated() {
        try scratch.write(good, to: "set/\(number % 4)/good-\(number).jpg")
      }
      for number in 0..<60 {
        let source = pictures[dice.below(pictures.count)]
        var broken = source
        switch number % 6 {
        case 0: broken = []
        case 1: broken = dice.bytes(1 + dice.below(3000))
        case 2: broken = Array(source.prefix(1 + dice.below(source.count * 9 / 10)))
        case 3: broken = Array("<html>404 not found</html>".utf8)
        case 4: broken = OddPictures.bomb(side: 60_000)
        default:
          for _ in 0..<(1 + dice.below(40)) {
            broken[dice.below(broken.count)] ^= 1 << UInt8(dice.below(8))
          }
        }
        let suffix = number % 12 < 6 ? "jpg" : "png"
        try scratch.write(broken, to: "set/\(number % 4)/bad-\(number).\(suffix)")
      }
      let summary = try index("set", "--outcomes", scratch["outcomes.csv"])
      #expect(summary["files"]?.int == 72)
      let rows = try outcomes("outcomes.csv")
      #expect(rows.count == 72)
      for (path, row) in rows {
        if path.contains("good") {
          #expect(row.outcome == "indexed", "\(path): \(row)")
        } else if Int(path.filter(\.isNumber).dropFirst()).map({ $0 % 6 }) != 5 {
          #expect(row.outcome == "rejected", "\(path): \(row)")
        }
        #expect((row.outcome == "rejected") == !row.reason.isEmpty, "\(path): \(row)")
      }
      #expect(try place.verify().problems == 0)
      let again = counts(try index("set"))
      #expect(again["unchanged"] == 72, "rejected files are not tried again: \(again)")
      let retried = counts(try index("set", "--retry-rejected"))
      #expect(retried["rejected"] == summary["rejected"]?.int)
    }

    @Test func `unusual but sound pictures are indexed`() throws {
      let picture = try PictureDecoder.decode(pictures[0]).picture
      let jpeg = try PictureEncoder.jpeg(picture, quality: 95)
      let files: [(String, [UInt8])] = [
        ("plain.png", try PictureEncoder.png(picture)),
        ("deep.png", OddPictures.png(picture, .rgb, depth: 16)),
        ("grey.png", OddPictures.png(picture, .grey)),
        ("deep-grey.png", OddPictures.png(picture, .grey, depth: 16)),
        ("alpha.png", OddPictures.png(picture, .rgba)),
        ("grey-alpha.png", OddPictures.png(picture, .greyAlpha)),
        ("plain.jpg", jpeg),
        ("a jpeg by mistake.png", jpeg + [0]),
        ("turned.jpg", OddPictures.oriented(try PictureEncoder.jpeg(turned(picture)), 6)),
      ]
      for (name, bytes) in files { try scratch.write(bytes, to: "set/\(name)") }
      let summary = try index("set", "--outcomes", scratch["outcomes.csv"], "--layout", "flat")
      let rows = try outcomes("outcomes.csv")
      #expect(counts(summary) == ["added": files.count], "\(rows)")
      let query = try scratch.write(try PictureEncoder.png(picture), to: "query.png")
      let hits = try place.run("search", query, "--space", "pixel", "--json", "--quiet").json()
      #expect(hits.items.count == files.count)
      for hit in hits.items {
        let cosine = try #require(hit["similarity"]?.double)
        #expect(cosine > 0.98, "\(hit["path"]?.string ?? ""): \(cosine)")
      }
    }

    @Test func `a folder that has moved is indexed from its new place`() throws {
      for (number, bytes) in pictures.prefix(3).enumerated() {
        try scratch.write(bytes, to: "set/ann/\(number).jpg")
      }
      #expect(counts(try index("set")) == ["added": 3])
      try scratch.copy(scratch["set"], to: "moved")
      let words = ["index", scratch["moved"], "--population", "digital", "--quiet"]
      let moved = place.run(words)
      #expect(moved.code == 0, "\(moved.said)")
      #expect(try place.verify().problems == 0)
    }

    @Test func `an empty folder and a folder without pictures are said to be so`() throws {
      try scratch.write("notes", to: "set/notes.txt")
      let result = place.run("index", scratch["set"], "--population", "real", "--quiet")
      #expect([0, 2].contains(result.code), "\(result.said)")
      #expect(!result.out.isEmpty || result.err.contains("try: "), "\(result.said)")
    }

    /// A quarter turn left: what a camera stores that was held so that EXIF says 6.
    private func turned(_ picture: Picture) -> Picture {
      var pixels: [UInt8] = []
      for x in (0..<picture.width).reversed() {
        for y in 0..<picture.height {
          let at = 3 * (y * picture.width + x)
          pixels += picture.pixels[at..<at + 3]
        }
      }
      return Picture(width: picture.height, height: picture.width, pixels: pixels)
    }
  }
}
