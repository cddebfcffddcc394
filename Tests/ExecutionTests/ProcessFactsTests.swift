import Execution
import Foundation
import Testing

@Suite struct ProcessFactsTests {
  @Test func `resident memory grows with what is touched`() throws {
    let before = try #require(ResidentMemory.bytes())
    #expect(before > 1 << 20)
    let block = [UInt8](repeating: 1, count: 256 << 20)
    let after = try #require(ResidentMemory.bytes())
    #expect(after - before > 128 << 20)
    #expect(block[block.count - 1] == 1)
  }

  @Test func `available memory is read from what the system tells`() throws {
    #expect(try #require(AvailableMemory.bytes()) > 0)
    let text = "MemTotal:  100 kB\nMemFree: 5 kB\nMemAvailable:     64 kB\n"
    #expect(AvailableMemory.bytes(inMeminfo: text) == 65_536)
    #expect(AvailableMemory.bytes(inMeminfo: "MemTotal: 100 kB\n") == nil)
  }

  @Test func `at least one processor and no more than the system has`() {
    #expect((1...ProcessInfo.processInfo.processorCount).contains(Processors.available))
  }

  @Test func `the affinity list counts single processors and ranges`() {
    let cases: [(String, Int?)] = [
      ("0", 1), ("0-3", 4), ("0-3,8", 5), ("0,2,4-5", 4), ("", nil), ("3-1", nil), ("x", nil),
    ]
    for (list, count) in cases {
      let text = "Name:\ttool\nCpus_allowed_list:\t\(list)\nMems_allowed_list:\t0\n"
      #expect(Processors.processors(inStatus: text) == count, "\(list)")
    }
    #expect(Processors.processors(inStatus: "Name:\ttool\n") == nil)
  }

  @Test func `a container's quota is rounded up to whole processors`() {
    let cases: [(String, Int?)] = [
      ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000", 2), ("10000 100000", 1),
      ("100000 0", nil), ("", nil), ("-1 100000", nil),
    ]
    for (text, count) in cases { #expect(Processors.processors(inQuota: text) == count) }
  }

  @Test func `the first signal lets work end in order, the second ends it`() {
    let record = InterruptRecord()
    #expect(record.signal == nil)
    #expect(record.receive(SIGTERM) == .carryOn)
    #expect(record.signal == SIGTERM)
    #expect(record.receive(SIGINT) == .exitNow)
    #expect(record.signal == SIGTERM)
  }

  @Test func `nothing is requested before a signal came, and installing twice is harmless`() {
    Interrupts.install()
    Interrupts.install()
    #expect(!Interrupts.requested)
    #expect(Interrupts.signal == nil)
  }

  @Test func `a stopwatch only goes forward`() {
    let watch = Stopwatch()
    let first = watch.seconds
    usleep(2000)
    #expect(first >= 0)
    #expect(watch.seconds >= first + 0.002)
    #expect(watch.elapsed > .milliseconds(2))
  }
}
