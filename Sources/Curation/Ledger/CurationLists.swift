public import Cataloging
public import Diagnostics
public import Domain
import Files
import Interchange

/// The lists of what is kept and what was removed, with who decided and on what ground.
///
/// Paths are relative to the indexed folders; the order is by population, path and number; nothing
/// of the clock is in them. So the same catalog gives the same bytes.
public struct CurationLists: Sendable {
  static let keptColumns = [
    "image", "population", "path", "identity", "sha256", "author", "reason", "decision",
  ]
  static let removedColumns = [
    "image", "population", "path", "identity", "sha256", "keeper", "keeper_population",
    "keeper_path", "identity_similarity", "picture_similarity", "mirrored", "space", "threshold",
    "fmr", "rule", "tier", "action", "author", "reason", "decision", "batch", "step",
  ]

  /// One row per image, by the columns of its list; nulls are empty cells.
  public private(set) var kept: [JSONValue] = []
  public private(set) var removed: [JSONValue] = []

  /// Reads the lists of `populations` as the ledger stands.
  ///
  /// Kept is every current image that is in the set, with the author and reason where a person
  /// decided so. Removed is every image that is put aside or was purged, current or not.
  public init(_ populations: Set<Population>, in catalog: Catalog) async throws {
    let standing = try await catalog.standing()
    let steps = Dictionary(
      uniqueKeysWithValues: try await catalog.steps().map { ($0.key, StepThreshold($0)) })
    let lookup = try await ImageLookup(in: catalog)
    let images = try await catalog.images(
      ImageFilter(populations: populations, includesQuarantined: true, includesOutdated: true))
    for image in images.sorted(by: Self.isBefore) {
      let line = standing.images[image.id]
      if let line, line.decision.action.putsAside {
        let threshold = line.decision.step.flatMap { steps[$0] } ?? nil
        removed.append(
          Self.removal(
            image, line, try await Self.quarantine(behind: line, in: catalog), threshold, lookup))
      } else if image.isCurrent {
        kept.append(Self.keeping(image, standing.keeper(of: image.id)))
      }
    }
  }

  /// Writes `kept.csv`, `kept.jsonl`, `removed.csv` and `removed.jsonl` into a folder, which is made
  /// where there is none; each file is there whole or not at all.
  public func write(to folder: String) throws {
    try FileSystem.makeFolder(folder)
    for (name, rows, columns) in [
      ("kept", kept, Self.keptColumns), ("removed", removed, Self.removedColumns),
    ] {
      try CSVFile.write(table(rows, columns), to: Paths.join(folder, "\(name).csv"))
      let lines = rows.map { $0.compact + "\n" }.joined()
      try AtomicFile.write(text: lines, to: Paths.join(folder, "\(name).jsonl"))
    }
  }

  private func table(_ rows: [JSONValue], _ columns: [String]) -> CSVTable {
    CSVTable(
      header: columns,
      rows: rows.map { row in columns.map { Self.cell(row[$0] ?? .null) } })
  }

  private static func cell(_ value: JSONValue) -> String {
    if value.isNull { return "" }
    return value.stringValue ?? value.compact
  }

  private static func isBefore(_ a: ImageRecord, _ b: ImageRecord) -> Bool {
    (a.population, a.path, a.id) < (b.population, b.path, b.id)
  }

  /// A purge's own line says what was deleted; why, the quarantine it rested on.
  private static func quarantine(
    behind line: DecisionRecord, in catalog: Catalog
  ) async throws -> DecisionRecord {
    guard line.decision.action == .purge else { return line }
    let lines = try await catalog.decisions(image: line.decision.image)
    return lines.last {
      $0.decision.image == line.decision.image && $0.decision.action == .quarantine
        && $0.undoes == nil && $0.sequence < line.sequence
    } ?? line
  }

  private static func common(_ image: ImageRecord) -> [String: JSONValue] {
    [
      "image": .int(Int(image.id)), "population": .string(image.population.rawValue),
      "path": .string(image.path), "identity": JSONValue(image.identityName) { .string($0) },
      "sha256": JSONValue(image.facts.digest) { .string($0) },
    ]
  }

  private static func keeping(_ image: ImageRecord, _ line: DecisionRecord?) -> JSONValue {
    var row = common(image)
    row["author"] = JSONValue(line) { .string($0.decision.author) }
    row["reason"] = JSONValue(line) { .string($0.decision.reason) }
    row["decision"] = JSONValue(line) { .int(Int($0.sequence)) }
    return .object(row)
  }

  private static func removal(
    _ image: ImageRecord, _ line: DecisionRecord, _ cause: DecisionRecord,
    _ threshold: StepThreshold?, _ lookup: ImageLookup
  ) -> JSONValue {
    let evidence = (try? JSONValue(parsing: cause.decision.evidence)) ?? .null
    let keeper = cause.decision.other.flatMap { lookup.image(id: $0) }
    let stated = evidence["threshold"] ?? .null
    var row = common(image)
    row["keeper"] = JSONValue(keeper) { .int(Int($0.id)) }
    row["keeper_population"] = JSONValue(keeper) { .string($0.population.rawValue) }
    row["keeper_path"] = JSONValue(keeper) { .string($0.path) }
    row["identity_similarity"] = evidence["identitySimilarity"] ?? .null
    row["picture_similarity"] = evidence["pictureSimilarity"] ?? .null
    row["mirrored"] = evidence["mirrored"] ?? .null
    row["space"] = stated["space"] ?? JSONValue(threshold) { .string($0.space) }
    row["threshold"] =
      stated["similarityAtLeast"] ?? JSONValue(threshold) { .double($0.similarityAtLeast) }
    row["fmr"] =
      stated["falseMatchRate"] ?? JSONValue(threshold?.falseMatchRate) { .double($0) }
    row["rule"] = .string(cause.decision.rule)
    row["tier"] = evidence["tier"] ?? .null
    row["action"] = .string(line.decision.action.rawValue)
    row["author"] = .string(line.decision.author)
    row["reason"] = .string(cause.decision.reason)
    row["decision"] = .int(Int(line.sequence))
    row["batch"] = .int(Int(line.batch))
    row["step"] = JSONValue(cause.decision.step) { .string($0) }
    return .object(row)
  }
}
