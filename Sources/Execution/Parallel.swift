import Synchronization

/// Loops over whole numbers on several threads, cut into blocks that do not depend on how many
/// threads there are: per-block results, and so anything summed block by block, are the same bits
/// on every machine.
public enum Parallel {
  /// Calls `body` once for each block of `0..<count`: `blockSize` numbers, the last block fewer.
  ///
  /// Blocks are started in order; returns when all are done. When blocks fail, no further block is
  /// started and the error of the lowest failing block is thrown, the same one on every run.
  /// Does nothing for a count of zero. Blocks the calling thread, so call it off Swift's own pool.
  /// - Precondition: `count >= 0` and `blockSize > 0`; a `threads` below 1 counts as 1.
  public static func forEachBlock(
    count: Int, blockSize: Int, threads: Int, body: @Sendable (Range<Int>) throws -> Void
  ) throws {
    precondition(count >= 0 && blockSize > 0)
    let blocks = (count + blockSize - 1) / blockSize
    let next = Atomic<Int>(0)
    let failure = Mutex<(block: Int, error: any Error)?>(nil)
    let failed = Atomic<Bool>(false)
    Worker.run(threads: min(threads, blocks)) { _ in
      while !failed.load(ordering: .relaxed) {
        let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        do {
          try body(block * blockSize..<min(count, (block + 1) * blockSize))
        } catch {
          failure.withLock { if block < $0?.block ?? .max { $0 = (block, error) } }
          failed.store(true, ordering: .relaxed)
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// `transform(0)` to `transform(count - 1)`, in order. Threads and errors as in `forEachBlock`.
  public static func map<Output: Sendable>(
    count: Int, blockSize: Int = 1, threads: Int, transform: @Sendable (Int) throws -> Output
  ) throws -> [Output] {
    try mapBlocks(count: count, blockSize: blockSize, threads: threads) { block in
      try block.map(transform)
    }.flatMap { $0 }
  }

  /// One answer per block of `0..<count`, in block order: what a sum over blocks needs.
  /// Threads and errors as in `forEachBlock`.
  public static func mapBlocks<Output: Sendable>(
    count: Int, blockSize: Int, threads: Int, transform: @Sendable (Range<Int>) throws -> Output
  ) throws -> [Output] {
    precondition(count >= 0 && blockSize > 0)
    let blocks = (count + blockSize - 1) / blockSize
    let outputs = Mutex([Output?](repeating: nil, count: blocks))
    try forEachBlock(count: count, blockSize: blockSize, threads: threads) { block in
      let output = try transform(block)
      outputs.withLock { $0[block.lowerBound / blockSize] = output }
    }
    return outputs.withLock { $0.compactMap { $0 } }
  }
}
