import Cataloging
import Cryptography
import Diagnostics
import Domain
import Files
import VectorStorage

/// Deletes what is in quarantine for good: the one thing that deletes pictures.
///
/// The ledger is told first, then files are deleted; a run that was cut off in between is finished
/// by the next one.
public struct PurgeStep: Sendable {
  /// What to purge.
  public struct Options: Sendable {
    /// Images by number; empty for everything in quarantine that may be purged.
    public var images: [Int64]
    /// Deletes pictures outside the workspace too.
    public var includesSources: Bool
    public var author: String
    public var reason: String

    public init(images: [Int64], includesSources: Bool, author: String, reason: String) {
      self.images = images
      self.includesSources = includesSources
      self.author = author
      self.reason = reason
    }
  }

  /// What is to be purged, looked at and found fit, and what is left over from a cut-off run.
  public struct Plan: Sendable {
    /// An image with its file, where it has one.
    struct Target: Sendable {
      var image: ImageRecord
      /// On this machine; nil for a vector without a picture, and a picture that is gone already.
      var file: String?
      var vectors: [VectorPlace]
    }

    var targets: [Target] = []
    /// Files of images that were purged before and are still there.
    var leftFiles: [String] = []
    /// Shards that were replaced by a purge before and are still there.
    var leftShards: [String] = []
    /// In quarantine, but their pictures are outside the workspace.
    public var skipped = 0

    public var images: Int { targets.count }
    public var files: Int { targets.count { $0.file != nil } }
    public var bytes: Int { targets.reduce(0) { $0 + ($1.image.facts.byteCount ?? 0) } }
    public var vectors: Int { targets.reduce(0) { $0 + $1.vectors.count } }
    /// True where there is nothing to do.
    public var isEmpty: Bool { targets.isEmpty && leftFiles.isEmpty && leftShards.isEmpty }
    /// Paths as `population/path`, in order.
    public var names: [String] { targets.map(\.image.shownPath) }
  }

  /// What was done.
  public struct Result: Equatable, Sendable {
    public var sequences: [Int64] = []
    public var images = 0
    public var files = 0
    public var bytes = 0
    /// Shards written anew, or dropped whole.
    public var shards = 0
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  /// Looks at everything and changes nothing.
  /// - Throws: `CurationError` where a named image is not in quarantine, its picture is outside the
  ///   workspace and that was not asked for, or a file is not the one that was indexed.
  public func plan(in context: StepContext) async throws -> Plan {
    let lookup = try await ImageLookup(in: context.catalog)
    let standing = try await context.catalog.standing()
    var plan = Plan()
    (plan.leftFiles, plan.leftShards) = try await Self.leftovers(in: context, lookup)
    let quarantined = standing.images.filter { $0.value.decision.action == .quarantine }
    if let free = options.images.first(where: { quarantined[$0] == nil }) {
      throw CurationError(
        .missingInput, "\(lookup.name(free)) is not in quarantine",
        hint: "only what is put aside can be purged: d2r-curate quarantine list")
    }
    let wanted = options.images.isEmpty ? quarantined.keys.sorted() : options.images.uniqued()
    for image in wanted.compactMap({ lookup.image(id: $0) }) {
      if let target = try await target(image, lookup, in: context) {
        plan.targets.append(target)
      } else {
        plan.skipped += 1
      }
    }
    return plan
  }

  private func target(
    _ image: ImageRecord, _ lookup: ImageLookup, in context: StepContext
  ) async throws -> Plan.Target? {
    let places = try await context.catalog.places(of: image.id)
    guard let file = lookup.file(of: image) else {
      return Plan.Target(image: image, file: nil, vectors: places)
    }
    let isOurs = Paths.relative(file, to: context.workspace.generatedFolder) != nil
    guard isOurs || options.includesSources else {
      if options.images.isEmpty { return nil }
      throw CurationError(
        .missingInput, "the picture of \(image.shownPath) is outside the workspace",
        hint: "to delete your own files too, add --source-files")
    }
    guard FileSystem.exists(file) else {
      return Plan.Target(image: image, file: nil, vectors: places)
    }
    guard SHA256.hex(of: try FileReader.read(file)) == image.facts.digest else {
      // Known to have changed: the file belongs to the image that took this one's place.
      if !image.isCurrent { return Plan.Target(image: image, file: nil, vectors: places) }
      throw CurationError(
        .missingInput, "the file of \(image.shownPath) is not the one that was indexed",
        hint: "look at it; index the folder again, or purge the other images by number")
    }
    return Plan.Target(image: image, file: file, vectors: places)
  }

  /// Files and shards that were purged and are still there: a purge was cut off.
  static func leftovers(
    in context: StepContext, _ lookup: ImageLookup
  ) async throws -> (files: [String], shards: [String]) {
    let known = Set(try await context.catalog.shards().map(\.file))
    let purged = try await context.catalog.standing().images.values
      .filter { $0.decision.action == .purge }
    var shards: Set<String> = []
    var files: [String] = []
    for line in purged.sorted(by: { $0.sequence < $1.sequence }) {
      guard let evidence = try? JSONValue(parsing: line.decision.evidence) else { continue }
      shards.formUnion((evidence["shards"]?.arrayValue ?? []).compactMap(\.stringValue))
      guard evidence["deleted"]?.boolValue == true,
        let file = lookup.image(id: line.decision.image).flatMap({ lookup.file(of: $0) }),
        let bytes = try? FileReader.read(file),
        SHA256.hex(of: bytes) == evidence["sha256"]?.stringValue
      else { continue }
      files.append(file)
    }
    let left = shards.subtracting(known).sorted().filter {
      FileSystem.exists(Paths.join(context.vectors.root, $0))
    }
    return (files, left)
  }
}
