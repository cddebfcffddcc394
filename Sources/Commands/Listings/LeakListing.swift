import Cataloging
import Curation
import Diagnostics
import Domain

/// The pairs of a leak search with how each matched; strongest first, as `PairListing` orders them.
struct LeakListing: Sendable {
  var pairs: PairListing
  /// What is known of a pair besides the pair, by its two images and its tier.
  private var details: [Key: LeakRecord] = [:]

  private struct Key: Hashable {
    var kept: Int64
    var removed: Int64
    var tier: String

    init(_ pair: PairRecord) {
      kept = pair.kept
      removed = pair.removed
      tier = pair.tier
    }
  }

  static func latest(in context: StepContext) async throws -> LeakListing {
    var listing = LeakListing(pairs: try await .latest(of: LeaksStep.name, in: context))
    guard let step = try await context.catalog.latestStep(named: LeaksStep.name) else {
      return listing
    }
    for leak in try await context.catalog.leaks(step: step.key) {
      listing.details[Key(leak.pair)] = leak
    }
    return listing
  }

  private init(pairs: PairListing) { self.pairs = pairs }

  /// One line each, for people.
  var lines: [String] {
    zip(pairs.lines, pairs.rows).map { line, row in
      guard let leak = details[Key(row.pair)] else { return line }
      let prototype = leak.prototype.map { "  [prototype \($0.number) of \($0.of)]" } ?? ""
      let isSaid = row.pair.isMirrored || leak.orientation == "as-is"
      return line + (isSaid ? "" : "  (\(leak.orientation))") + prototype
    }
  }

  var document: JSONValue {
    .array(
      zip(pairs.document.arrayValue ?? [], pairs.rows).map { document, row in
        var fields = document.objectValue ?? [:]
        fields["verdict"] = .string(row.pair.verdict == "review" ? "quarantine" : "reject")
        guard let leak = details[Key(row.pair)] else { return .object(fields) }
        fields["orientation"] = .string(leak.orientation)
        fields["asIsSimilarity"] = JSONValue(leak.asIs) { JSONValue($0.value) }
        fields["mirroredSimilarity"] = JSONValue(leak.mirrored) { JSONValue($0.value) }
        fields["prototype"] = JSONValue(leak.prototype) {
          ["number": .int($0.number), "of": .int($0.of), "images": .int($0.members)]
        }
        return .object(fields)
      })
  }
}

extension Surroundings {
  /// Pairs printed one by one; the rest is in `--json` and in the report.
  private static let longestLeakList = 40

  /// Prints a leak search with its pairs.
  func show(_ report: StepReport, leaks: LeakListing) -> ExitCode {
    var report = report
    report.hasFindings = report.hasFindings && leaks.pairs.hasProposals
    report.lines += leaks.lines.prefix(Self.longestLeakList)
    let more = leaks.pairs.rows.count - Self.longestLeakList
    if more > 0 { report.lines.append("and \(more) more; --json lists all") }
    var fields = report.document.objectValue ?? [:]
    fields["pairs"] = leaks.document
    report.document = .object(fields)
    return show(report)
  }
}
