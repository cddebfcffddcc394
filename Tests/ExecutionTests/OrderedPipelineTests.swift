import Execution
import Foundation
import Synchronization
import Testing

@Suite struct OrderedPipelineTests {
  @Test func `items are used in order, whatever the threads and the window`() throws {
    for threads in [0, 1, 2, 8] {
      for window in [0, 1, 2, 5, 1000] {
        var used: [Int] = []
        try OrderedPipeline.run(items: 200, threads: threads, window: window) { item in
          if item % 17 == 0 { usleep(200) }
          return item * item
        } consume: { item, square in
          #expect(square == item * item)
          used.append(item)
          return true
        }
        #expect(used == Array(0..<200), "threads \(threads), window \(window)")
      }
    }
  }

  @Test func `no items means no calls`() throws {
    try OrderedPipeline.run(items: 0, threads: 4, window: 4) { _ -> Int in
      throw Broken(place: 0)
    } consume: { _, _ in
      Issue.record("nothing to consume")
      return true
    }
  }

  @Test func `never more than the window is in flight`() throws {
    for window in [1, 3, 10] {
      let inFlight = Atomic<Int>(0)
      let most = Atomic<Int>(0)
      try OrderedPipeline.run(items: 300, threads: 8, window: window) { item in
        let now = inFlight.add(1, ordering: .sequentiallyConsistent).newValue
        most.max(now, ordering: .sequentiallyConsistent)
        return item
      } consume: { _, _ in
        inFlight.subtract(1, ordering: .sequentiallyConsistent)
        return true
      }
      #expect(most.load(ordering: .relaxed) <= window)
    }
  }

  @Test func `producers run at once`() throws {
    let arrived = Atomic<Int>(0)
    try OrderedPipeline.run(items: 4, threads: 4, window: 4) { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 4 { usleep(50) }
    } consume: { _, _ in
      true
    }
  }

  @Test func `saying no stops the work and leaves nothing running`() throws {
    let produced = Atomic<Int>(0)
    var used: [Int] = []
    try OrderedPipeline.run(items: 1_000_000, threads: 4, window: 8) { item in
      produced.add(1, ordering: .relaxed)
      return item
    } consume: { item, _ in
      used.append(item)
      return item < 9
    }
    let after = produced.load(ordering: .relaxed)
    #expect(used == Array(0...9))
    #expect(after <= 9 + 8)
    usleep(20_000)
    #expect(produced.load(ordering: .relaxed) == after)
  }

  @Test func `an error of an item is thrown when its turn comes, not before`() {
    for threads in [1, 4] {
      var used: [Int] = []
      let error = #expect(throws: Broken.self) {
        try OrderedPipeline.run(items: 100, threads: threads, window: 32) { item in
          if item >= 20 { throw Broken(place: item) }
          usleep(100)
          return item
        } consume: { item, _ in
          used.append(item)
          return true
        }
      }
      #expect(error == Broken(place: 20))
      #expect(used == Array(0..<20))
    }
  }

  @Test func `an error of the consumer is thrown at once`() {
    var calls = 0
    let error = #expect(throws: Broken.self) {
      try OrderedPipeline.run(items: 100, threads: 4, window: 8) {
        $0
      } consume: { item, _ in
        calls += 1
        if item == 5 { throw Broken(place: item) }
        return true
      }
    }
    #expect(error == Broken(place: 5))
    #expect(calls == 6)
  }
}
