import Curation
import Testing

@Suite struct FillScheduleTests {
  private let schedule = FillSchedule(seed: 3, interpolation: 0.1...0.3)

  private func lines() -> [FillLine] {
    (0..<5).map { index in
      var line = FillLine(
        identity: Int64(index + 1), name: "id\(index)", had: index, wanted: 40, cap: 60)
      line.centre = (0..<10).map { Float($0 + index) - 4.5 }
      return line
    }
  }

  /// Whether a candidate is accepted: any fixed rule will do.
  private func accepts(_ candidate: FillCandidate) -> Bool { candidate.seed % 3 != 0 }

  private func settle(_ lines: inout [FillLine], _ candidates: [FillCandidate]) {
    for candidate in candidates {
      lines[candidate.line].attempts += 1
      if accepts(candidate) { lines[candidate.line].accepted += 1 }
    }
  }

  @Test func `a request that is cut off after any chunk asks for the same candidates`() throws {
    var calm = lines()
    var chunks: [[FillCandidate]] = []
    while case let chunk = try schedule.next(calm), !chunk.isEmpty {
      chunks.append(chunk)
      settle(&calm, chunk)
    }
    for cut in chunks.indices {
      var resumed = lines()
      for chunk in chunks.prefix(cut) { settle(&resumed, chunk) }
      #expect(try schedule.next(resumed) == chunks[cut], "cut after chunk \(cut)")
    }
    #expect(calm.allSatisfy { $0.missing == 0 || $0.attempts == $0.cap })
  }

  @Test func `no identity is asked for more than it misses or than its cap`() throws {
    var short = lines()
    short[0].attempts = 58
    let chunk = try schedule.next(short)
    #expect(chunk.filter { $0.line == 0 }.map(\.number) == [58, 59])
    #expect(chunk.filter { $0.line == 1 }.count == 39)
    short[1].accepted = 39
    #expect(try schedule.next(short).allSatisfy { $0.line != 1 })
  }

  @Test func `seeds differ by identity, attempt and seed`() throws {
    let chunk = try schedule.next(lines())
    #expect(Set(chunk.map(\.seed)).count == chunk.count)
    let other = FillSchedule(seed: 4, interpolation: 0.1...0.3)
    #expect(Set(try other.next(lines()).map(\.seed)).isDisjoint(with: chunk.map(\.seed)))
    #expect(chunk.allSatisfy { (0.1...0.3).contains($0.interpolation) })
  }

  @Test func `numbers go on from those of earlier requests, and a number is always the same picture`()
    throws
  {
    let first = try schedule.next(lines())
    var later = lines()
    later[0].earlier = 10
    let second = try schedule.next(later).filter { $0.line == 0 }
    #expect(second.map(\.number) == Array(10..<50))
    let again = first.filter { $0.line == 0 && $0.number >= 10 }
    #expect(Array(second.prefix(again.count)) == again)
  }

  @Test func `an identity without a centre is never asked for`() throws {
    var closed = lines()
    for index in closed.indices { closed[index].centre = nil }
    #expect(try schedule.next(closed).isEmpty)
  }
}
