import Glibc

/// What a walk found below a folder.
public struct FolderListing: Equatable, Sendable {
  /// Paths of regular files, relative to the root, in the order of their UTF-8 bytes.
  public var files: [String] = []
  /// What could not be read, in the order it was met.
  public var problems: [FolderProblem] = []

  public init() {}
}

/// A file or folder that a walk had to leave out.
public struct FolderProblem: Equatable, Sendable {
  /// Relative to the root; bytes that are not UTF-8 show as U+FFFD.
  public var path: String
  /// A clause without full stop, such as "the link points to nothing".
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// Every file below a folder, always in the same order.
///
/// Links to files and folders are followed; a link back to a folder above it is a problem, as is
/// one that points to nothing. Names that begin with a dot are skipped. Names that are not UTF-8,
/// and names that are the same text as a neighbour in another Unicode form, are problems: as text
/// they could not be told apart later.
public struct FolderWalk {
  /// - Parameters:
  ///   - root: the folder to start from.
  ///   - extensions: in small letters without dot; only files with one of them are listed, and
  ///     nil lists all.
  /// - Throws: `FilesError` where the root itself cannot be listed. Anything below that cannot be
  ///   read is a problem in the listing.
  public static func files(
    under root: String, extensions: Set<String>? = nil
  ) throws(FilesError) -> FolderListing {
    let status = try FileSystem.status(root)
    if !status.isFolder { throw FilesError("list", root, systemError: ENOTDIR) }
    var walk = FolderWalk(root: root, extensions: extensions)
    let found = try FolderStream.entries(of: root)
    walk.visit(found, in: "", above: [Place(status)])
    return walk.listing
  }

  /// Folders nested deeper than this are reported instead of entered.
  static let deepest = 64

  /// A folder as the system knows it, whatever links lead there.
  private struct Place: Equatable {
    var device: UInt
    var number: UInt

    init(_ status: stat) {
      device = UInt(status.st_dev)
      number = UInt(status.st_ino)
    }
  }

  private enum Kind {
    case file, other
    case folder(Place)

    init(_ status: stat) {
      self = status.isFolder ? .folder(Place(status)) : status.isFile ? .file : .other
    }
  }

  /// One name in a folder that is to be listed or entered.
  private struct Entry {
    /// Relative to the root.
    var path: String
    var kind: Kind
    /// The name, with "/" after a folder's: sorting by it puts whole paths in order.
    var key: [UInt8]
  }

  private let root: String
  private let extensions: Set<String>?
  private var listing = FolderListing()

  private init(root: String, extensions: Set<String>?) {
    self.root = root
    self.extensions = extensions
  }

  private mutating func visit(
    _ found: [FolderStream.Entry], in folder: String, above: [Place]
  ) {
    let order = found.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    var seen: Set<String> = []
    var entries = order.compactMap { entry($0, in: folder, seen: &seen) }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    for entry in entries {
      switch entry.kind {
      case .folder(let place): enter(entry.path, place, above: above)
      case .file: if isWanted(entry.path) { listing.files.append(entry.path) }
      case .other:
        if isWanted(entry.path) { report(entry.path, "it is neither a file nor a folder") }
      }
    }
  }

  /// The entry for a name, or nil where it is hidden or a problem.
  private mutating func entry(
    _ found: FolderStream.Entry, in folder: String, seen: inout Set<String>
  ) -> Entry? {
    let name = found.name
    if name.first == UInt8(ascii: ".") { return nil }
    guard let text = String(validating: name, as: UTF8.self) else {
      let shown = Paths.join(folder, String(decoding: name, as: UTF8.self))
      report(shown, "its name is not UTF-8")
      return nil
    }
    let path = Paths.join(folder, text)
    if !seen.insert(text).inserted {
      report(path, "its name is the same text as a neighbour's, in another Unicode form")
      return nil
    }
    do throws(FilesError) {
      if found.isFile { return Entry(path: path, kind: .file, key: name) }
      let status = try FileSystem.status(Paths.join(root, path))
      let key = status.isFolder ? name + [UInt8(ascii: "/")] : name
      return Entry(path: path, kind: Kind(status), key: key)
    } catch {
      if isWanted(path) { report(path, reason(for: error)) }
      return nil
    }
  }

  private mutating func enter(_ path: String, _ place: Place, above: [Place]) {
    if above.contains(place) { return report(path, "the link leads back to a folder above") }
    if above.count > Self.deepest {
      return report(path, "folders are nested more than \(Self.deepest) deep")
    }
    do throws(FilesError) {
      let found = try FolderStream.entries(of: Paths.join(root, path))
      visit(found, in: path, above: above + [place])
    } catch {
      report(path, reason(for: error))
    }
  }

  private func isWanted(_ path: String) -> Bool {
    extensions?.contains(Paths.fileExtension(path)) ?? true
  }

  private mutating func report(_ path: String, _ reason: String) {
    listing.problems.append(FolderProblem(path: path, reason: reason))
  }

  private func reason(for error: FilesError) -> String {
    switch error.systemError {
    case ENOENT: "the link points to nothing"
    case ELOOP: "the link leads in a circle"
    default: FilesError.text(of: error.systemError)
    }
  }
}
