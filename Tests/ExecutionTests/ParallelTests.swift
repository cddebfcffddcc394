import Execution
import Foundation
import Synchronization
import Testing

struct Broken: Error, Equatable { var place: Int }

@Suite struct ParallelTests {
  @Test func `every number is visited once, in blocks that do not depend on the threads`() throws {
    for count in [0, 1, 7, 64, 1000] {
      for blockSize in [1, 7, 64, 5000] {
        var expected: Set<Range<Int>> = []
        for start in stride(from: 0, to: count, by: blockSize) {
          expected.insert(start..<min(count, start + blockSize))
        }
        for threads in [-1, 0, 1, 2, 5, 64] {
          let seen = Mutex<[Range<Int>]>([])
          try Parallel.forEachBlock(count: count, blockSize: blockSize, threads: threads) { block in
            seen.withLock { $0.append(block) }
          }
          let blocks = seen.withLock { $0 }
          #expect(blocks.count == expected.count && Set(blocks) == expected)
        }
      }
    }
  }

  @Test func `answers come in order whatever the threads`() throws {
    for threads in [1, 2, 7] {
      for blockSize in [1, 3, 100] {
        let squares = try Parallel.map(count: 50, blockSize: blockSize, threads: threads) {
          $0 * $0
        }
        #expect(squares == (0..<50).map { $0 * $0 })
      }
    }
  }

  @Test func `a sum by blocks has the same bits on any number of threads`() throws {
    func sum(threads: Int) throws -> Float {
      try Parallel.mapBlocks(count: 10_000, blockSize: 97, threads: threads) { block in
        block.reduce(Float(0)) { $0 + 1 / Float($1 + 1) }
      }.reduce(0, +)
    }
    let alone = try sum(threads: 1)
    for threads in 2...9 { #expect(try sum(threads: threads).bitPattern == alone.bitPattern) }
  }

  @Test func `the lowest failing block decides the error, every time`() {
    for threads in [1, 2, 8] {
      for _ in 0..<50 {
        let error = #expect(throws: Broken.self) {
          try Parallel.forEachBlock(count: 100, blockSize: 1, threads: threads) { block in
            if block.lowerBound >= 40 { throw Broken(place: block.lowerBound) }
          }
        }
        #expect(error == Broken(place: 40))
      }
    }
  }

  @Test(arguments: [0, 1])
  func `the lower of two failing blocks decides, whichever fails first`(first: Int) {
    let started = Atomic<Int>(0)
    let error = #expect(throws: Broken.self) {
      try Parallel.forEachBlock(count: 2, blockSize: 1, threads: 2) { block in
        started.add(1, ordering: .sequentiallyConsistent)
        while started.load(ordering: .sequentiallyConsistent) < 2 { usleep(50) }
        if block.lowerBound != first { usleep(50_000) }
        throw Broken(place: block.lowerBound)
      }
    }
    #expect(error == Broken(place: 0))
  }

  @Test func `no block starts after a failure is known`() {
    let started = Atomic<Int>(0)
    #expect(throws: Broken.self) {
      try Parallel.forEachBlock(count: 1_000_000, blockSize: 1, threads: 2) { block in
        started.add(1, ordering: .relaxed)
        if block.lowerBound == 0 { throw Broken(place: 0) }
      }
    }
    #expect(started.load(ordering: .relaxed) < 1_000_000)
  }

  @Test func `threads are real: blocks that wait for each other all run at once`() throws {
    let arrived = Atomic<Int>(0)
    try Parallel.forEachBlock(count: 4, blockSize: 1, threads: 4) { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 4 { usleep(50) }
    }
    #expect(arrived.load(ordering: .relaxed) == 4)
  }

  @Test func `a loop may run inside a loop`() throws {
    let sums = try Parallel.map(count: 6, threads: 3) { outer in
      try Parallel.map(count: 10, threads: 3) { $0 * outer }.reduce(0, +)
    }
    #expect(sums == (0..<6).map { 45 * $0 })
  }
}
