import Cataloging
import Interchange

/// The files of one indexing run, cut into the batches that are committed whole.
///
/// Batches are cut from the folder's whole sorted listing, so that a run that was cut off and its
/// rerun work on the same batches; what a batch holds that is known already costs one digest.
struct IndexPlan: Sendable {
  struct Item: Sendable {
    var file: SourceFile
    /// What the catalog knows of this path.
    var known: OutcomeRecord?
  }

  let batches: [[Item]]
  /// Paths the catalog knows as current that the folder no longer holds.
  let missing: [String]

  init(files: [SourceFile], known: [String: OutcomeRecord], batchSize: Int) {
    let items = files.map { Item(file: $0, known: known[$0.path]) }
    batches = stride(from: 0, to: items.count, by: batchSize).map {
      Array(items[$0..<min($0 + batchSize, items.count)])
    }
    let present = Set(files.map(\.path))
    missing = known.filter { $0.value.outcome == .indexed && !present.contains($0.key) }
      .keys.sorted()
  }
}
