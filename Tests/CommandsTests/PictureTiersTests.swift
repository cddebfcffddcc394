import Domain
import Foundation
import Imaging
import SQLite
import Testing

extension BuiltProgram {
  /// Copies of pictures are found by files, pixels and hashes, with and without vectors.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct PictureTiersTests {
    let scratch: Scratch
    let place: Workplace
    let pictures: [Picture]

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
      let files = contents(of: Demo.shared.reference)
      pictures = try files.keys.sorted().prefix(6).compactMap { name in
        try files[name].map { try PictureDecoder.decode(Array($0)).picture }
      }
      for (number, picture) in pictures.enumerated() {
        try scratch.write(try PictureEncoder.png(picture), to: "set/\(number).png")
      }
      // 0: another format of the same pixels; 1: half size, mirrored, re-encoded; 2: the same file.
      let first = pictures[0]
      try scratch.write(try PictureEncoder.webp(first), to: "set/0-format.webp")
      let half = Resampling.resized(
        pictures[1], to: pictures[1].width / 2, pictures[1].height / 2, filter: .bicubic)
      try scratch.write(try PictureEncoder.png(half), to: "set/1-half.png")
      try scratch.write(try PictureEncoder.png(mirrored(pictures[1])), to: "set/1-mirrored.png")
      try scratch.write(try PictureEncoder.jpeg(pictures[1], quality: 60), to: "set/1-jpeg.jpg")
      try scratch.write(try PictureEncoder.png(pictures[2]), to: "set/2-copy.png")
      try index()
    }

    @discardableResult
    private func index() throws -> JSON {
      let result = place.run(
        "index", scratch["set"], "--population", "digital", "--crop", "aligned", "--json",
        "--quiet")
      #expect(result.code == 0, "\(result.said)")
      return try result.json()
    }

    private func mirrored(_ picture: Picture) -> Picture {
      var turned = picture
      for y in 0..<picture.height {
        for x in 0..<picture.width {
          for c in 0..<3 {
            turned.pixels[3 * (picture.width * y + x) + c] =
              picture.pixels[3 * (picture.width * (y + 1) - 1 - x) + c]
          }
        }
      }
      return turned
    }

    /// The tier of each removed picture or its keeper, by the copy's name.
    private func tiers(_ options: String...) throws -> [String: String] {
      let result = place.run(["dedup", "--json", "--quiet"] + options)
      #expect(result.code == 1, "\(result.said)")
      let pairs = try #require(try result.json()["pairs"]).items
      return Dictionary(
        uniqueKeysWithValues: pairs.map { pair in
          let sides = [pair["removed"], pair["kept"]].compactMap { $0?["path"]?.string }
          #expect(sides.first?.prefix(1) == sides.last?.prefix(1), "\(sides)")
          return (sides.first { $0.contains("-") } ?? "", pair["tier"]?.string ?? "")
        })
    }

    private static let byHash = [
      "0-format.webp": "same-pixels", "1-half.png": "perceptual", "1-mirrored.png": "perceptual",
      "1-jpeg.jpg": "perceptual", "2-copy.png": "exact",
    ]

    @Test func `each kind of copy is found by the surest tier that holds`() throws {
      #expect(try tiers("--keep", "oldest", "--similarity-at-least", "0.95") == Self.byHash)
      let without = try tiers("--similarity-at-least", "0.95", "--without", "same-pixels")
      #expect(without["0-format.webp"] == "perceptual")
    }

    @Test func `hashes work where no image has a vector`() throws {
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      try catalog.run(script: "DELETE FROM embedding; DELETE FROM shard;")
      #expect(try tiers("--keep", "oldest") == Self.byHash)
      let said = place.run("dedup", "--quiet")
      #expect(said.out.contains("no image has a vector"), "\(said.said)")
    }

    @Test func `an older workspace says what is not compared, and indexing again mends it`() throws
    {
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      try catalog.run(script: "UPDATE image SET pixel_digest = NULL, perceptual_hash = NULL;")
      let old = place.run("dedup", "--similarity-at-least", "0.95", "--quiet")
      #expect(old.out.contains("11 pictures were indexed by an older version"), "\(old.said)")
      let again = try index()
      #expect(again["measured"]?.int == 11)
      #expect(again["unchanged"]?.int == 11)
      #expect(try index()["measured"]?.int == 0)
      #expect(try tiers("--keep", "oldest", "--similarity-at-least", "0.95") == Self.byHash)
      #expect(try place.verify().problems == 0)
    }

    @Test func `the larger picture stays where quality is equal, and the report says why`() throws {
      #expect(place.run("dedup", "--similarity-at-least", "0.95", "--quiet").code == 1)
      let table = place.run("report", "duplicates", "--quiet").out
      #expect(table.contains("kept_by"), "\(table)")
      #expect(table.contains("oldest"), "\(table)")
      let said = place.run("dedup", "--similarity-at-least", "0.95", "--quiet").out
      #expect(said.contains("(kept by "), "\(said)")
    }
  }
}
