import Files
import Imaging

/// Keeps some of the refused pictures of every identity, to look at in a report. They are no images of
/// the catalog.
///
/// The first ones are kept, never one that was refused for a leak or was not held against the gallery: it
/// may show a real person.
struct RejectedPictures {
  /// Absolute path of the folder.
  let root: String
  /// Most per identity, over all requests.
  let most: Int
  /// How many an identity has, as far as that was looked up.
  private var kept: [Int64: Int] = [:]

  init(root: String, most: Int) {
    self.root = root
    self.most = most
  }

  /// To be called with an identity's candidates in order, before the first is judged. Files of this and
  /// higher numbers were left by a run that was cut off before it recorded them; they go.
  mutating func prepare(_ file: GeneratedFile) throws {
    guard most > 0, kept[file.line.identity] == nil else { return }
    kept[file.line.identity] = try tidied(Paths.join(root, Paths.parent(file.path)), file.number)
  }

  /// Rows of a chunk, in order, of which no more than an identity has room for.
  func wanted(_ rows: [Int], of files: [GeneratedFile]) -> [Int] {
    var taken: [Int64: Int] = [:]
    return rows.filter { row in
      let identity = files[row].line.identity
      taken[identity, default: kept[identity] ?? most] += 1
      return taken[identity, default: 0] <= most
    }
  }

  /// Writes one, unless the identity has enough.
  mutating func keep(_ made: CandidateMaker.Made, _ file: GeneratedFile) throws {
    guard let picture = made.picture, let count = kept[file.line.identity], count < most else {
      return
    }
    let path = Paths.join(root, file.path)
    try FileSystem.makeFolder(Paths.parent(path))
    try AtomicFile.write(made.file ?? PictureEncoder.png(picture), to: path)
    kept[file.line.identity] = count + 1
  }

  /// Files below `number`; the others are removed.
  private func tidied(_ folder: String, _ number: Int) throws -> Int {
    guard FileSystem.isFolder(folder) else { return 0 }
    var count = 0
    for name in try FolderWalk.files(under: folder).files {
      guard let own = Int(name.prefix { $0 != "." }), own < number else {
        try FileSystem.remove(Paths.join(folder, name))
        continue
      }
      count += 1
    }
    return count
  }
}
