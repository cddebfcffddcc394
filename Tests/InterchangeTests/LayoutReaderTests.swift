import Files
import Interchange
import Testing

@Suite struct LayoutReaderTests {
  static let layouts: [(DatasetLayout, [String])] = [
    (.identityFolders, ["anna/1.jpg", "anna/2.png", "bob/x.webp"]),
    (.identityFolders, ["0/0.png", "0/1.png", "n1/0.png"]),
    (.identityFolders, ["0001/001.jpg", "0002/001.jpg"]),
    (.digiface, ["0/0.png", "0/1.png", "199998/4.png"]),
    (.ffhq, ["images1024x1024/00000/00000.png", "images1024x1024/69000/69999.png"]),
    (.ffhq, ["thumbnails128x128/00000.png", "thumbnails128x128/LICENSE.txt"]),
    (.ffhq, ["00000/00999.png", "01000/01000.png"]),
    (.ffhq, ["00000.png", "12345.png"]),
    (.flat, ["a.png", "b.jpeg"]),
    (.flat, ["000000.png", "000001.png"]),
  ]

  @Test(arguments: layouts)
  func `a layout is seen from its names`(layout: DatasetLayout, names: [String]) throws {
    let set = try DatasetFolder(names + ["README.md", "list.csv"])
    #expect(try LayoutReader.detect(set.root) == layout)
    let listing = try LayoutReader.read(set.root)
    #expect(listing.layout == layout && listing.problems == [])
    let pictures = names.filter { !$0.hasSuffix(".txt") }
    #expect(listing.files.map(\.path).sorted() == pictures.sorted())
    #expect(try LayoutReader.read(set.root, layout: layout) == listing)
  }

  @Test func `raw values are what people type`() {
    #expect(
      DatasetLayout.allCases.map(\.rawValue) == ["identity-folders", "digiface", "ffhq", "flat"])
  }

  @Test func `identity folders give identities, in the order of bytes`() throws {
    let set = try DatasetFolder([
      "b/1.png", "B/1.png", "a b/2.PNG", "é/1.jpg", "a/10.png", "a/9.png",
    ])
    let listing = try LayoutReader.read(set.root)
    #expect(
      listing.files.map(\.path)
        == ["B/1.png", "a b/2.PNG", "a/10.png", "a/9.png", "b/1.png", "é/1.jpg"])
    #expect(listing.files.map(\.identity) == ["B", "a b", "a", "a", "b", "é"])
  }

  @Test func `DigiFace is ordered by number`() throws {
    let set = try DatasetFolder(["10/0.png", "2/10.png", "2/9.png", "0/0.png", "100000/0.png"])
    let listing = try LayoutReader.read(set.root)
    #expect(
      listing.files.map(\.path)
        == ["0/0.png", "2/9.png", "2/10.png", "10/0.png", "100000/0.png"])
    #expect(listing.files.map(\.identity) == ["0", "2", "2", "10", "100000"])
  }

  @Test func `latents beside an identity's pictures are listed`() throws {
    let set = try DatasetFolder(["0/0.png", "0/latent.npy", "1/0.png", "0/other.npy", "latent.npy"])
    let latent = LatentFile(identity: "0", path: "0/latent.npy")
    #expect(try LayoutReader.read(set.root).latents == [latent])
    #expect(try LayoutReader.read(set.root, layout: .identityFolders).latents == [latent])
    #expect(try LayoutReader.read(set.root, layout: .flat).latents == [])
  }

  @Test func `pictures that are not read are named with what to do, other files are passed over`()
    throws
  {
    let set = try DatasetFolder(["a/1.png", "a/2.bmp", "a/3.GIF", "a/4.txt", "notes.md", "a/5"])
    let listing = try LayoutReader.read(set.root)
    #expect(listing.files.map(\.path) == ["a/1.png"])
    #expect(
      listing.problems == [
        ListingProblem(path: "a/2.bmp", reason: "BMP pictures are not read; convert it to PNG"),
        ListingProblem(path: "a/3.GIF", reason: "GIF pictures are not read; convert it to PNG"),
      ])
  }

  @Test func `few strays are left out with a reason`() throws {
    let names = (0..<40).map { "id\($0)/1.jpg" }
    let set = try DatasetFolder(names + ["stray.jpg", "id3/more/2.jpg"])
    let listing = try LayoutReader.read(set.root)
    #expect(listing.layout == .identityFolders && listing.files.count == 40)
    #expect(
      listing.problems == [
        ListingProblem(
          path: "id3/more/2.jpg",
          reason: "it lies deeper than IDENTITY/IMAGE; move it up into its identity's folder"),
        ListingProblem(
          path: "stray.jpg", reason: "it lies beside the identity folders; move it into one"),
      ])
  }

  @Test(arguments: [["a.png", "id/1.png"], ["train/id/1.png"], ["x/y/1.png", "id/1.png"]])
  func `a mixture is a question, and both answers work`(names: [String]) throws {
    let set = try DatasetFolder(names)
    let error = failure { _ = try LayoutReader.read(set.root) }
    #expect(error?.code == .unclearLayout)
    #expect(error?.message.contains("of \(names.count) pictures") == true)
    #expect(error?.hint?.contains("--layout flat") == true)
    #expect(try LayoutReader.read(set.root, layout: .flat).files.count == names.count)
  }

  @Test func `the message counts what lies where`() throws {
    let set = try DatasetFolder(["a.png", "id/1.png", "id/2.png", "x/y/1.png"])
    let error = failure { _ = try LayoutReader.detect(set.root) }
    #expect(
      error?.message == "the layout of \(set.root) is not clear: of 4 pictures there are "
        + "1 in the folder itself, 2 one folder down, 1 deeper")
  }

  @Test func `flat lists every picture without identity`() throws {
    let set = try DatasetFolder(["b/c/1.png", "a.png", "b/1.png"])
    let listing = try LayoutReader.read(set.root, layout: .flat)
    #expect(listing.files.map(\.path) == ["a.png", "b/1.png", "b/c/1.png"])
    #expect(listing.files.allSatisfy { $0.identity == nil })
  }

  @Test func `no pictures is an error, with the first reason`() throws {
    let empty = try DatasetFolder(["readme.txt"])
    let none = failure { _ = try LayoutReader.read(empty.root) }
    #expect(none?.code == .noPictures)
    #expect(none?.message == "there are no pictures to read in \(empty.root)")
    let foreign = try DatasetFolder(["1.bmp"])
    #expect(failure { _ = try LayoutReader.read(foreign.root) }?.message.contains("BMP") == true)
    let other = try DatasetFolder(["a.png"])
    let misfit = failure { _ = try LayoutReader.read(other.root, layout: .digiface) }
    #expect(
      misfit?.message == "none of the 1 pictures in \(other.root) fits the layout digiface")
    let missing = failure { _ = try LayoutReader.read("/no/such/folder") }
    #expect(missing?.code == .missing)
  }

  @Test func `a forced DigiFace leaves out what is not named so`() throws {
    let set = try DatasetFolder([
      "0/0.png", "0/00.png", "0/1.jpg", "x/0.png", "01/0.png", "0/a/0.png",
    ])
    let listing = try LayoutReader.read(set.root, layout: .digiface)
    #expect(listing.files.map(\.path) == ["0/0.png"])
    #expect(listing.problems.count == 5)
  }

  static let shared = SharedData.path

  @Test(.enabled(if: FileSystem.isFolder(shared), "the shared test data is not here"))
  func `the test data is read as what it is`() throws {
    let digital = try LayoutReader.read(Paths.join(Self.shared, "digital-digiface"))
    #expect(digital.layout == .identityFolders && digital.problems == [])
    #expect(digital.files.count { $0.identity == "id01" } == 18)
    let real = try LayoutReader.read(Paths.join(Self.shared, "real-ffhq"))
    #expect(real.layout == .flat && real.files.count == 42)
  }
}

/// Test data that is not part of the package.
enum SharedData {
  static let path = Paths.normalised(Paths.join(#filePath, "../../../../shared/data"))
}
