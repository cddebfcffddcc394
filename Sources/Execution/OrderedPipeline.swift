/// Makes items on several threads and uses them one after the other in order, holding only a few.
public enum OrderedPipeline {
  /// Produces items `0..<items` on `threads` threads and hands them to `consume`, on the calling
  /// thread, strictly in order.
  ///
  /// At most `window` items are in flight at any time, from the start of `produce` to the end of
  /// `consume`, which bounds memory. `consume` answers false to stop early. An error of `produce`
  /// is thrown when its item's turn comes, after every earlier item was consumed; an error of
  /// `consume` at once. Whatever the end, no thread is left running.
  /// Blocks the calling thread, so call it off Swift's own pool.
  /// - Precondition: `items >= 0`; a `threads` or a `window` below 1 counts as 1.
  public static func run<Item: Sendable>(
    items: Int, threads: Int, window: Int, produce: @Sendable (Int) throws -> Item,
    consume: (Int, Item) throws -> Bool
  ) throws {
    precondition(items >= 0)
    guard items > 0 else { return }
    let desk = Monitor(Desk<Item>(items: items, window: max(1, window)))
    try Worker.run(threads: min(threads, items, window)) { _ in
      while let item = desk.wait(until: { $0.claim() }).item {
        let result = Result { try produce(item) }
        desk.update { $0.finished[item] = result }
      }
    } meanwhile: { workers in
      defer { desk.update { $0.isStopped = true } }
      for item in 0..<items {
        let result =
          workers == 0
          ? Result { try produce(item) }
          : desk.wait { $0.finished.removeValue(forKey: item) }
        guard try consume(item, result.get()) else { return }
        desk.update { $0.consumed += 1 }
      }
    }
  }
}

/// Who works on what: the state that the threads of one pipeline share.
private struct Desk<Item> {
  /// A worker's next errand; no item means there is nothing left to do.
  struct Claim { var item: Int? }

  let items: Int
  let window: Int
  var started = 0
  var consumed = 0
  var finished: [Int: Result<Item, any Error>] = [:]
  var isStopped = false

  init(items: Int, window: Int) {
    self.items = items
    self.window = window
  }

  /// The next item to produce, or nil where the window is full.
  mutating func claim() -> Claim? {
    if isStopped || started == items { return Claim(item: nil) }
    guard started < consumed + window else { return nil }
    started += 1
    return Claim(item: started - 1)
  }
}
