internal import Curation
internal import Files
internal import Synchronization

/// The saved maps of a workspace, read again only when their files change.
final class MapShelf: Sendable {
  /// A map and what tells this state of its files from any other.
  struct Entry: Sendable {
    var state: String
    var map: SavedMap
  }

  /// Maps kept; the one asked for longest ago goes first.
  private static let kept = 3

  private let reports: String
  private let entries = Mutex<[Entry]>([])

  /// - Parameter reports: the folder with the maps' folders.
  init(reports: String) { self.reports = reports }

  /// - Throws: 404 where there is none of that name; what `SavedMap.read` throws for a damaged one.
  func map(named name: String) throws -> Entry {
    let folder = Paths.join(reports, name)
    let manifest = Paths.join(folder, SavedMap.file)
    guard !name.hasPrefix("."), FileSystem.isFile(manifest) else {
      throw Problem.notFound("map '\(name)'")
    }
    let coordinates = Paths.join(folder, SavedMap.coordinates)
    let state =
      "\(name) \(try FileSystem.identity(of: manifest)) \(try FileSystem.identity(of: coordinates))"
    if let known = entries.withLock({ Self.take(state, from: &$0) }) { return known }
    let entry = Entry(state: state, map: try SavedMap.read(folder))
    entries.withLock { entries in
      entries.removeAll { $0.state == state }
      entries.append(entry)
      if entries.count > Self.kept { entries.removeFirst() }
    }
    return entry
  }

  /// The entry, moved to the end.
  private static func take(_ state: String, from entries: inout [Entry]) -> Entry? {
    guard let place = entries.firstIndex(where: { $0.state == state }) else { return nil }
    let entry = entries.remove(at: place)
    entries.append(entry)
    return entry
  }
}
