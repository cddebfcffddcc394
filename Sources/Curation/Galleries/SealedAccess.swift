import Cataloging
import Domain
import VectorStorage

extension StepContext {
  /// The vectors of a table's rows. Opening a sealed gallery is logged before it happens.
  func gather(_ table: EmbeddingTable) async throws -> Vectors {
    try await log(.opened, shardsOf: table)
    return try vectors.gather(
      table.locations.map { (file: table.shards[$0.shard].file, row: $0.row) }, space: table.space)
  }

  /// Logs the comparisons that are about to be made with each sealed gallery among the images.
  /// - Parameter count: how many they are with so many templates.
  func logComparisons(
    with gallery: EmbeddedImages, _ count: (Int) -> Int
  ) async throws {
    let galleries = try await catalog.galleries().filter { $0.state == .sealed }
    guard !galleries.isEmpty else { return }
    let populations = Set(gallery.locations.map(\.population))
    let images = try await catalog.images(
      ImageFilter(populations: populations, includesQuarantined: true))
    let sources = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0.source) })
    for record in galleries {
      let templates = gallery.locations.count { sources[$0.image] == record.source }
      guard templates > 0 else { continue }
      try await catalog.log(
        access(.compared, comparisons: count(templates)), gallery: record.id)
    }
  }

  func access(_ action: AccessRecord.Action, comparisons: Int = 0) -> NewAccess {
    NewAccess(action, verb: verb, author: author, comparisons: comparisons)
  }

  private func log(_ action: AccessRecord.Action, shardsOf table: EmbeddingTable) async throws {
    let files = Set(table.locations.map { table.shards[$0.shard].file })
      .filter(VectorStore.isSealed).sorted()
    guard !files.isEmpty else { return }
    // Without the key nothing is opened, and there is nothing to log.
    for file in files { _ = try vectors.key(of: file) }
    try await catalog.log(access(action), shards: files)
  }
}
