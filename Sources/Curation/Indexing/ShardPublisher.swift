import Cataloging
import Cryptography
import Domain
import VectorStorage

/// Publishes the vectors of a batch of images, one shard per space, in the images' order.
struct ShardPublisher {
  let chain: EmbeddingChain
  let store: VectorStore

  /// `values[s]` holds `count` rows of space `s`. Nothing is published for no images.
  func publish(_ values: [[Float]], count: Int) throws -> [IndexShard] {
    guard count > 0 else { return [] }
    return try zip(chain.spaces, values).map { space, values in
      let vectors = Vectors(count: count, width: space.width, values: values)
      let shard = try store.publish(vectors, space: space)
      return IndexShard(
        space: space, file: shard.file, rowCount: shard.rowCount, digest: Hex.string(shard.digest),
        rows: (0..<count).map { .init(item: $0, row: $0) })
    }
  }
}
