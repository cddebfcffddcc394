public import Cataloging
import Domain
import Files
import Interchange

/// Which images belong to a set at one point: in one state of one workspace, or by a list.
public struct SetState: Sendable {
  /// An image that is out, and why.
  public struct Removal: Equatable, Sendable {
    public var decision: Int64?
    public var author: String
    public var rule: String
    public var reason: String
  }

  /// Whether an image is in the set.
  public enum Place: Equatable, Sendable {
    case inside
    case out(Removal)
  }

  /// For people, such as "decision 12".
  public var title: String
  /// By `population/path`.
  public var images: [String: Place]
  /// False for a list that does not say which images are in the set.
  public var knowsKept = true
  /// The populations it speaks of; nil for all.
  public var populations: Set<String>?

  /// The images of a workspace as they stood after a line of its ledger, or as they stand now.
  ///
  /// Images the catalog has now are counted, whenever they were indexed; those that are gone from
  /// their folder only where they are out of the set.
  public static func read(
    _ catalog: Catalog, after sequence: Int64?, title: String
  ) async throws -> SetState {
    let standing = try await catalog.standing(after: sequence)
    var images: [String: Place] = [:]
    let filter = ImageFilter(includesQuarantined: true, includesOutdated: true)
    let all = try await catalog.images(filter)
    // Two folders may hold the same path, and a changed file has two images: the first current one
    // has the path for its name.
    var owners: [String: Int64] = [:]
    for image in all.filter(\.isCurrent) + all {
      owners[image.shownPath] = owners[image.shownPath] ?? image.id
    }
    // What is out now was in before, though a purge has taken its file.
    let asideNow = try await catalog.standing().aside
    for image in all {
      let line = standing.images[image.id].flatMap { $0.decision.action.putsAside ? $0 : nil }
      guard image.isCurrent || line != nil || asideNow.contains(image.id) else { continue }
      let isOwner = owners[image.shownPath] == image.id
      let name = isOwner ? image.shownPath : "\(image.shownPath) (image \(image.id))"
      images[name] = line.map { .out(Removal($0)) } ?? .inside
    }
    return SetState(title: title, images: images)
  }

  /// The images of a folder that `export lists` wrote, or of one of its CSV files.
  public static func read(lists path: String) throws -> SetState {
    let isFolder = FileSystem.isFolder(path)
    let files = isFolder ? ["removed.csv", "kept.csv"].map { Paths.join(path, $0) } : [path]
    var state = SetState(title: Paths.lastComponent(path), images: [:])
    state.knowsKept = isFolder || Paths.lastComponent(path).hasPrefix("kept")
    for file in files {
      let table = try CSVFile.read(file)
      guard let populations = table.column("population"), let paths = table.column("path") else {
        throw CurationError(
          .missingInput, "\(Paths.lastComponent(file)) has no columns population and path",
          hint: "give a folder that 'd2r-curate export lists' wrote, or one of its CSV files")
      }
      let reasons = ["decision", "author", "rule", "reason"].map { table.column($0) }
      let isRemoved = table.column("keeper") != nil
      for (row, path) in paths.enumerated() {
        func cell(_ place: Int) -> String { reasons[place]?[row] ?? "" }
        let removal = Removal(
          decision: Int64(cell(0)), author: cell(1), rule: cell(2), reason: cell(3))
        state.images["\(populations[row])/\(path)"] = isRemoved ? .out(removal) : .inside
      }
    }
    // A list speaks of the populations in it; of the set as a whole where any part of it is.
    let seen = Set(state.images.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
    let set: Set<String> = [Population.digital.rawValue, Population.generated.rawValue]
    state.populations = seen.isDisjoint(with: set) ? seen : seen.union(set)
    return state
  }

  /// True where it says something of images of this population.
  fileprivate func speaks(of name: String) -> Bool {
    populations?.contains(String(name.prefix { $0 != "/" })) ?? true
  }
}

extension SetState.Removal {
  init(_ line: DecisionRecord) {
    self.init(
      decision: line.sequence, author: line.decision.author, rule: line.decision.rule,
      reason: line.decision.reason)
  }
}

/// What is different between two states of a set.
public struct LedgerDifference: Sendable {
  /// One image that is in one of the two sets and not in the other.
  public struct Entry: Equatable, Sendable {
    /// `population/path`.
    public var image: String
    /// Why it is out, in the state in which it is; nil where the other state does not know it.
    public var removal: SetState.Removal?
  }

  /// In the set in the first state, out in the second; by name.
  public var left: [Entry] = []
  /// The other way round.
  public var joined: [Entry] = []
  /// Out in both, but not for the same reason.
  public var reasoned: [Entry] = []

  public var isEmpty: Bool { left.isEmpty && joined.isEmpty && reasoned.isEmpty }

  /// An image that only one state knows counts as out of the other, where that other one lists what
  /// is in the set.
  public init(from first: SetState, to second: SetState) {
    let names = Set(first.images.keys).union(second.images.keys)
    for name in names.sorted() where first.speaks(of: name) && second.speaks(of: name) {
      switch (first.images[name], second.images[name]) {
      case (.inside, .out(let removal)): left.append(Entry(image: name, removal: removal))
      case (.out(let removal), .inside): joined.append(Entry(image: name, removal: removal))
      case (.out(let before), .out(let after)):
        let isSame = before.rule == after.rule && before.author == after.author
        if !isSame { reasoned.append(Entry(image: name, removal: after)) }
      case (.inside, nil) where second.knowsKept: left.append(Entry(image: name, removal: nil))
      case (nil, .inside) where first.knowsKept: joined.append(Entry(image: name, removal: nil))
      // A list of removed images alone says nothing of the others: they were in the set.
      case (nil, .out(let removal)) where !first.knowsKept:
        left.append(Entry(image: name, removal: removal))
      case (.out(let removal), nil) where !second.knowsKept:
        joined.append(Entry(image: name, removal: removal))
      default: break
      }
    }
  }
}
