import Cataloging
import Cryptography
import Diagnostics
import Domain
import Files
import VectorStorage

extension PurgeStep {
  /// Does what `plan` says.
  public func run(_ plan: Plan, in context: StepContext) async throws -> Result {
    var result = Result()
    var shards = plan.leftShards
    var files = plan.leftFiles
    if !plan.targets.isEmpty {
      let rewrites = try await rewrites(for: plan.targets, in: context)
      let decisions = plan.targets.map { decision($0, replacing: rewrites) }
      let done = try await context.catalog.purge(
        Purge(decisions: decisions, rewrites: rewrites))
      result.sequences = done.sequences
      let known = Set(try await context.catalog.shards().map(\.file))
      shards += rewrites.map(\.old.file).filter { !known.contains($0) }
      files += plan.targets.compactMap(\.file)
      result.shards = rewrites.count
    }
    result.images = plan.targets.count
    for file in files {
      result.bytes += try FileSystem.size(of: file)
      try FileSystem.remove(file)
      result.files += 1
    }
    for shard in shards { try FileSystem.remove(Paths.join(context.vectors.root, shard)) }
    return result
  }

  private func decision(_ target: Plan.Target, replacing rewrites: [Purge.Rewrite]) -> NewDecision {
    let replaced = Set(rewrites.map(\.old.file))
    let shards = target.vectors.map(\.file).filter { replaced.contains($0) }
    let evidence: JSONValue = [
      "sha256": JSONValue(target.image.facts.digest) { .string($0) },
      "byteCount": JSONValue(target.image.facts.byteCount) { .int($0) },
      "deleted": .bool(target.file != nil),
      "vectors": .array(target.vectors.map(\.space.name).map { .string($0) }),
      "shards": .array(shards.map { .string($0) }),
    ]
    return NewDecision(
      image: target.image.id, action: .purge, author: options.author, rule: "purge",
      reason: options.reason, evidence: evidence.compact)
  }

  /// Publishes every shard that holds a vector of the targets anew, without them. A row that another
  /// image shares stays.
  private func rewrites(
    for targets: [Plan.Target], in context: StepContext
  ) async throws -> [Purge.Rewrite] {
    let gone = Set(targets.map(\.image.id))
    let files = Set(targets.flatMap { $0.vectors.map(\.file) })
    var rewrites: [Purge.Rewrite] = []
    for shard in try await context.catalog.shards() where files.contains(shard.file) {
      let rows = try await context.catalog.rows(ofShard: shard.id)
      let staying = rows.filter { !gone.contains($0.image) }
      let kept = staying.map(\.row).uniqued()
      guard !kept.isEmpty else {
        rewrites.append(Purge.Rewrite(old: shard, new: nil, rows: []))
        continue
      }
      guard kept.count < shard.rowCount else { continue }
      let vectors = try context.vectors.gather(
        kept.map { VectorLocation(file: shard.file, row: $0) }, space: shard.space)
      let published = try context.vectors.publish(vectors, space: shard.space)
      let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
      rewrites.append(
        Purge.Rewrite(
          old: shard,
          new: Purge.NewShard(
            file: published.file, rowCount: published.rowCount,
            digest: Hex.string(published.digest)),
          rows: staying.compactMap { staying in
            places[staying.row].map { ShardRow(image: staying.image, row: $0) }
          }))
    }
    return rewrites
  }
}
