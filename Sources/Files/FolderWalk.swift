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
    let names = try FolderStream.entries(of: root)
    walk.visit(names, in: "", above: [Place(status)])
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

  /// One name in a folder.
  private struct Entry {
    /// Relative to the root.
    var path: String
    var status: stat
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

  private mutating func visit(_ names: [[UInt8]], in folder: String, above: [Place]) {
    let order = names.sorted { $0.lexicographicallyPrecedes($1) }
    var seen: Set<String> = []
    var entries = order.compactMap { entry($0, in: folder, seen: &seen) }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    for entry in entries {
      if entry.status.isFolder {
        enter(entry, above: above)
      } else {
        list(entry)
      }
    }
  }

  /// The entry for a name, or nil where it is hidden or a problem.
  private mutating func entry(
    _ name: [UInt8], in folder: String, seen: inout Set<String>
  ) -> Entry? {
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
      let status = try FileSystem.status(Paths.join(root, path))
      let key = status.isFolder ? name + [UInt8(ascii: "/")] : name
      return Entry(path: path, status: status, key: key)
    } catch {
      if isWanted(path) { report(path, reason(for: error)) }
      return nil
    }
  }

  private mutating func enter(_ folder: Entry, above: [Place]) {
    let place = Place(folder.status)
    if above.contains(place) { return report(folder.path, "the link leads back to a folder above") }
    if above.count > Self.deepest {
      return report(folder.path, "folders are nested more than \(Self.deepest) deep")
    }
    do throws(FilesError) {
      let names = try FolderStream.entries(of: Paths.join(root, folder.path))
      visit(names, in: folder.path, above: above + [place])
    } catch {
      report(folder.path, reason(for: error))
    }
  }

  private mutating func list(_ entry: Entry) {
    guard isWanted(entry.path) else { return }
    if entry.status.isFile {
      listing.files.append(entry.path)
    } else {
      report(entry.path, "it is neither a file nor a folder")
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
