import Files
import Interchange
import Testing

@Suite struct FFHQTests {
  static func entry(_ index: Int, _ digest: Character) -> String {
    func part(_ tag: String) -> String {
      let file = tag + String(repeating: digest, count: 31)
      let pixels = tag + String(repeating: digest, count: 30) + "f"
      return """
        {"file_url": "https://x/?a=\\"b\\"", "file_size": 1488194, "file_md5": "\(file)",
         "pixel_size": [1024, 1024], "pixel_md5": "\(pixels)",
         "face_landmarks": [[131.62, 453.8], [1.5e2, -3]]}
        """
    }
    return """
      "\(index)": {"category": "training", "metadata": {"photo_title": "A \\u00e9\\n\\ud83d\\ude00 }]",
       "author": "", "license": "Attribution-NonCommercial License", "flag": true, "no": null},
       "image": \(part("a")), "thumbnail": \(part("b")),
       "in_the_wild": \(part("c"))}
      """
  }

  static let json = "{\n" + entry(0, "0") + ",\n" + entry(1, "1") + "\n}\n"

  @Test(arguments: [
    ("images1024x1024", "a"), ("thumbnails128x128", "b"), ("in-the-wild-images", "c"),
  ])
  func `digests, category and licence come from the set's own file`(part: String, tag: String)
    throws
  {
    let set = try DatasetFolder(["\(part)/00000/00000.png", "\(part)/00000/00002.png"])
    try set.put("ffhq-dataset-v2.json", Self.json)
    let inside = Paths.join(set.root, part)
    for (root, prefix) in [(set.root, part + "/"), (inside, "")] {
      let listing = try LayoutReader.read(root)
      #expect(listing.layout == .ffhq && listing.problems == [])
      var known = SourceFile(path: prefix + "00000/00000.png")
      known.category = "training"
      known.licence = "Attribution-NonCommercial License"
      known.expectedFileMD5 = tag + String(repeating: "0", count: 31)
      known.expectedPixelMD5 = tag + String(repeating: "0", count: 30) + "f"
      #expect(listing.files == [known, SourceFile(path: prefix + "00000/00002.png")])
    }
  }

  @Test func `a flat copy of unknown size gets no digests`() throws {
    let set = try DatasetFolder(["00001.png"])
    try set.put("ffhq-dataset-v2.json", Self.json)
    let file = try #require(try LayoutReader.read(set.root).files.first)
    #expect(file.category == "training")
    #expect(file.expectedFileMD5 == nil && file.expectedPixelMD5 == nil)
  }

  @Test func `of several forms one is read`() throws {
    let set = try DatasetFolder(["thumbnails128x128/00000.png", "images1024x1024/00000.png"])
    let listing = try LayoutReader.read(set.root)
    #expect(listing.files.map(\.path) == ["images1024x1024/00000.png"])
    #expect(listing.problems.map(\.path) == ["thumbnails128x128"])
    #expect(listing.problems[0].reason.contains("same pictures as images1024x1024"))
  }

  @Test func `names that are none of FFHQ's are left out with a reason`() throws {
    let set = try DatasetFolder(["00000/00000.png", "00000/01000.png", "00000/a.png", "1.png"])
    let listing = try LayoutReader.read(set.root, layout: .ffhq)
    #expect(listing.files.map(\.path) == ["00000/00000.png"])
    #expect(listing.problems.count == 3)
  }

  @Test func `a broken file of records is a problem, and every cut is found`() throws {
    let set = try DatasetFolder(["00000.png"])
    let bytes = Array(Self.json.utf8)
    let path = set.folder("ffhq-dataset-v2.json")
    for count in stride(from: 0, to: bytes.count - 2, by: 7) {
      try AtomicFile.write(Array(bytes[..<count]), to: path)
      let listing = try LayoutReader.read(set.root)
      #expect(listing.files.map(\.path) == ["00000.png"])
      #expect(listing.problems.map(\.path) == ["ffhq-dataset-v2.json"], "\(count) bytes")
      #expect(listing.problems.first?.reason.contains("byte") == true)
    }
  }

  @Test(arguments: [
    "[]", "{\"x\": {}}", "{\"0\": {\"category\": 3}}", "{} {}", "{\"0\": {\"category\": \"\\q\"}}",
    "{\"0\": {\"category\": \"\\ud800\"}}", "{\"0\": {\"a\": ]}}", "{\"0\": {\"a\": , }}",
    "{\"0\": {\"category\": \"a\nb\"}}", "{\"0\": {\"category\": \"\\u12g4\"}}", "{\"0\" {}}",
    String(repeating: "{\"0\":", count: 3) + String(repeating: "[", count: 100_000),
  ])
  func `hostile records never crash`(text: String) throws {
    let set = try DatasetFolder(["00000.png"])
    try set.put("ffhq-dataset-v2.json", text)
    #expect(try LayoutReader.read(set.root).problems.count == 1)
  }

  @Test func `records longer than one piece are read across its edge`() throws {
    let set = try DatasetFolder(["images1024x1024/00000.png"])
    let many = (0..<600).map { Self.entry($0, "7") }.joined(separator: ",")
    try set.put("ffhq-dataset-v2.json", "{" + many + "}")
    let listing = try LayoutReader.read(set.root)
    #expect(listing.problems == [])
    #expect(listing.files.first?.expectedFileMD5 == "a" + String(repeating: "7", count: 31))
  }
}
