import Cataloging
import Curation
import Diagnostics
import Domain

/// The pairs of a step with both pictures' paths, relative to their indexed folders.
struct PairListing: Sendable {
  struct Row: Sendable {
    var pair: PairRecord
    var kept: ImageRecord
    var removed: ImageRecord
  }

  var rows: [Row]
  /// What the ledger says of images and pairs.
  var standing = LedgerStanding()

  /// Pairs of the step of this name that is in force; strongest first, then by path.
  static func latest(of step: String, in context: StepContext) async throws -> PairListing {
    guard let record = try await context.catalog.latestStep(named: step) else {
      return PairListing(rows: [])
    }
    let images = try await context.catalog.images(ImageFilter(includesQuarantined: true))
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let rows = try await context.catalog.pairs(step: record.key).compactMap { pair -> Row? in
      guard let kept = byID[pair.kept], let removed = byID[pair.removed] else { return nil }
      return Row(pair: pair, kept: kept, removed: removed)
    }
    let standing = try await context.catalog.standing()
    return PairListing(
      rows: rows.sorted {
        let first = $0.pair.identitySimilarity?.value ?? 1
        let second = $1.pair.identitySimilarity?.value ?? 1
        return first == second ? $0.removed.path < $1.removed.path : first > second
      }, standing: standing)
  }

  /// True where a pair waits for a decision.
  var hasProposals: Bool { rows.contains { decision($0) == Self.proposed } }

  /// One line each, for people.
  var lines: [String] {
    rows.map { row in
      let cosine =
        row.pair.identitySimilarity
        .map { "  identity \(HumanNumbers.decimal(Double($0.value), 4))" } ?? ""
      let picture =
        row.pair.imageSimilarity
        .map { "  picture \(HumanNumbers.decimal(Double($0.value), 4))" } ?? ""
      let hash = row.pair.hashDistance.map { "  hash \($0)" } ?? ""
      let mirrored = row.pair.isMirrored ? "  mirrored" : ""
      let keeper = KeeperReason(row.pair).map { "  (kept by \($0.text))" } ?? ""
      return """
        \(row.pair.tier)\(hash)\(cosine)\(picture)\(mirrored)  \(decision(row)): \
        \(name(row.removed))  ~  \(name(row.kept))\(keeper)
        """
    }
  }

  var document: JSONValue {
    .array(
      rows.map { row in
        [
          "tier": .string(row.pair.tier), "kept": side(row.kept), "removed": side(row.removed),
          "identitySimilarity": JSONValue(row.pair.identitySimilarity) { JSONValue($0.value) },
          "pictureSimilarity": JSONValue(row.pair.imageSimilarity) { JSONValue($0.value) },
          "mirrored": .bool(row.pair.isMirrored),
          "hashDistance": JSONValue(row.pair.hashDistance) { .int($0) },
          "keeper": KeeperReason(row.pair)?.document ?? .null, "decision": .string(decision(row)),
        ]
      })
  }

  private static let proposed = "proposed"

  private func decision(_ row: Row) -> String {
    if row.removed.isQuarantined { return "quarantined" }
    if standing.keeper(of: row.removed.id) != nil { return "kept by a person" }
    if let line = standing.difference(row.kept.id, row.removed.id) {
      return "decided different by \(line.decision.author)"
    }
    return row.pair.verdict == "review" ? "to review" : Self.proposed
  }

  private func name(_ image: ImageRecord) -> String {
    "\(image.population.rawValue)/\(image.path)"
  }

  private func side(_ image: ImageRecord) -> JSONValue {
    [
      "image": .int(Int(image.id)), "population": .string(image.population.rawValue),
      "path": .string(image.path), "identity": JSONValue(image.identityName) { .string($0) },
    ]
  }
}

extension Surroundings {
  /// Pairs printed one by one; the rest is in `--json` and in the report.
  private static let longestList = 40

  /// Prints a step's report with its pairs.
  func show(_ report: StepReport, pairs: PairListing) -> ExitCode {
    var report = report
    report.hasFindings = report.hasFindings && pairs.hasProposals
    report.lines += pairs.lines.prefix(Self.longestList)
    if pairs.rows.count > Self.longestList {
      report.lines.append("and \(pairs.rows.count - Self.longestList) more; --json lists all")
    }
    var fields = report.document.objectValue ?? [:]
    fields["pairs"] = pairs.document
    report.document = .object(fields)
    return show(report)
  }
}
