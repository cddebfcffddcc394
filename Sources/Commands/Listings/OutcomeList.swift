import Cataloging
import Curation
import Files
import Interchange

/// The outcome of every file of an indexed folder, as a table.
enum OutcomeList {
  static func table(root: String, in context: StepContext) async throws -> CSVTable {
    var rows: [[String]] = []
    for source in try await context.catalog.sources() where source.root == Paths.absolute(root) {
      rows += try await context.catalog.outcomes(source: source.id).map { outcome in
        [outcome.path, outcome.outcome.rawValue, outcome.reason, outcome.digest ?? ""]
      }
    }
    return CSVTable(header: ["path", "outcome", "reason", "sha256"], rows: rows)
  }
}
