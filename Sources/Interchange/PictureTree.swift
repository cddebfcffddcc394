import Files

/// Every picture below a folder, before a layout makes sense of it.
struct PictureTree {
  var root: String
  var pictures: [PicturePath] = []
  /// Files named `latent.npy`.
  var latents: [PicturePath] = []
  var problems: [ListingProblem] = []

  init(walking root: String) throws(InterchangeError) {
    self.root = root
    let wanted = PictureNames.readable.union(PictureNames.foreign.keys).union(["npy"])
    let listing = try withFiles { () throws(FilesError) in
      try FolderWalk.files(under: root, extensions: wanted)
    }
    problems = listing.problems.map { ListingProblem(path: $0.path, reason: $0.reason) }
    for path in listing.files { sort(PicturePath(path)) }
  }

  /// How many pictures lie in the root itself, in its folders, and deeper.
  var counts: (loose: Int, nested: Int, deeper: Int) {
    var counts = (loose: 0, nested: 0, deeper: 0)
    for picture in pictures {
      switch picture.depth {
      case 1: counts.loose += 1
      case 2: counts.nested += 1
      default: counts.deeper += 1
      }
    }
    return counts
  }

  private mutating func sort(_ path: PicturePath) {
    if path.name == PictureNames.latent {
      latents.append(path)
    } else if let format = PictureNames.foreign[path.fileExtension] {
      let reason = "\(format) pictures are not read; convert it to PNG"
      problems.append(ListingProblem(path: path.text, reason: reason))
    } else if PictureNames.readable.contains(path.fileExtension) {
      pictures.append(path)
    }
  }
}

/// A relative path with its parts at hand.
struct PicturePath {
  let text: String
  /// Parts separated by "/"; 1 in the root itself.
  let depth: Int
  let name: String
  /// The first part where there is a folder, "" in the root.
  let top: String
  /// In small letters without its dot.
  let fileExtension: String

  init(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"))
    self.text = text
    depth = parts.count
    name = parts.last.flatMap(String.init) ?? text
    top = parts.count > 1 ? String(parts[0]) ?? "" : ""
    fileExtension = Paths.fileExtension(name)
  }

  /// The name without its extension.
  var stem: String { Paths.stem(name) }
}

/// Numbers as file names hold them.
enum NumberName {
  /// The value of plain decimal digits without a leading zero, at most 18 of them.
  static func plain(_ text: String) -> Int? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy(isDigit),
      text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0")
    else { return nil }
    return Int(text)
  }

  /// The value of exactly five digits.
  static func five(_ text: String) -> Int? {
    guard text.utf8.count == 5, text.utf8.allSatisfy(isDigit) else { return nil }
    return Int(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
