import Cataloging
import Curation
import Files

/// The outcome of every file of an indexed folder, as a table.
enum OutcomeList {
  static func rows(root: String, in context: StepContext) async throws -> [[String]] {
    var rows = [["path", "outcome", "reason", "sha256"]]
    for source in try await context.catalog.sources() where source.root == Paths.absolute(root) {
      rows += try await context.catalog.outcomes(source: source.id).map { outcome in
        [outcome.path, outcome.outcome.rawValue, outcome.reason, outcome.digest ?? ""]
      }
    }
    return rows
  }
}
