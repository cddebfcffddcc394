internal import Domain

/// Refuses a batch that contradicts itself, before anything is written.
struct BatchCheck {
  let batch: IndexBatch

  func run() throws {
    var paths: Set<String> = []
    for path in batch.items.map(\.path) + batch.rejected.map(\.path) {
      if path.isEmpty { throw CatalogError(.invalidBatch, "the batch names an empty path") }
      guard paths.insert(path).inserted else {
        throw CatalogError(.invalidBatch, "the batch names the path \(path) twice")
      }
    }
    for item in batch.items { try check(item) }
    var files: Set<String> = []
    for shard in batch.shards {
      guard files.insert(shard.file).inserted else {
        throw CatalogError(.invalidBatch, "the batch names the shard \(shard.file) twice")
      }
      try check(shard)
    }
  }

  private func check(_ item: IndexedImage) throws {
    if let landmarks = item.facts.landmarks, landmarks.count != 10 {
      throw CatalogError(
        .invalidBatch, "\(item.path) has \(landmarks.count) landmark values instead of 10")
    }
  }

  private func check(_ shard: IndexShard) throws {
    var rows: Set<Int> = []
    for row in shard.rows {
      guard batch.items.indices.contains(row.item) else {
        throw CatalogError(
          .invalidBatch,
          "the shard \(shard.file) names item \(row.item) of \(batch.items.count)")
      }
      guard (0..<shard.rowCount).contains(row.row), rows.insert(row.row).inserted else {
        throw CatalogError(
          .invalidBatch,
          "row \(row.row) of the shard \(shard.file) is named twice or is not one of its"
            + " \(shard.rowCount)")
      }
    }
  }
}
