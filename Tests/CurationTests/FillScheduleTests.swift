import Analysis
import Cataloging
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
      lines[candidate.line].count(
        number: candidate.number, rejection: accepts(candidate) ? nil : "leak: 1.0, limit 0.5",
        similarities: AttemptSimilarities())
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
    #expect(chunks.allSatisfy { $0.count <= 64 })
  }

  @Test func `no identity is asked for more than it misses or than its cap, nor all of the budget`()
    throws
  {
    var short = lines()
    for number in 0..<58 {
      short[0].count(number: number, rejection: "x", similarities: AttemptSimilarities())
    }
    let never = QuotaPlanner(stop: StopRule(doubt: 0, fewestAttempts: 1))
    let patient = FillSchedule(seed: 3, interpolation: 0.1...0.3, planner: never)
    for index in 1..<5 { short[index].centre = nil }
    #expect(try patient.next(short).map(\.number) == [58, 59])
    #expect(try patient.next(short, budget: 1).map(\.number) == [58])
    #expect(try patient.next(short, budget: 0).isEmpty)
    #expect(try schedule.next(short).isEmpty, "58 in vain are enough")
  }

  @Test func `seeds differ by identity, attempt and seed`() throws {
    let chunk = try schedule.next(lines())
    #expect(Set(chunk.map(\.seed)).count == chunk.count)
    let other = FillSchedule(seed: 4, interpolation: 0.1...0.3)
    #expect(Set(try other.next(lines()).map(\.seed)).isDisjoint(with: chunk.map(\.seed)))
    #expect(chunk.allSatisfy { (0.1...0.3).contains($0.interpolation) })
  }

  @Test
  func `numbers go on from those of earlier requests, and a number is always the same picture`()
    throws
  {
    let first = try schedule.next(lines())
    var later = lines()
    later[0].nextNumber = 10
    let second = try schedule.next(later).filter { $0.line == 0 }
    #expect(second.map(\.number) == Array(10..<14))
    later[0].nextNumber = 2
    let again = try schedule.next(later).filter { $0.line == 0 }
    #expect(Array(again.prefix(2)) == first.filter { $0.line == 0 && $0.number >= 2 })
  }

  @Test func `an identity without a centre is never asked for`() throws {
    var closed = lines()
    for index in closed.indices { closed[index].centre = nil }
    #expect(try schedule.next(closed).isEmpty)
  }

  @Test func `pictures come from all parts of the arc alike, and a number is always in one part`()
    throws
  {
    var binned = lines()
    for index in binned.indices {
      binned[index].arcs = ArcBins(count: 4, wanted: 10, attemptsPerPicture: 6, isStrict: false)
    }
    while case let chunk = try schedule.next(binned), !chunk.isEmpty {
      for candidate in chunk {
        let bin = candidate.number % 4
        let low = 0.1 + 0.05 * Double(bin)
        #expect((low...low + 0.05).contains(candidate.interpolation))
        #expect(binned[candidate.line].arcs.accepted[bin] < 3, "a full part is passed over")
      }
      settle(&binned, chunk)
      if binned.allSatisfy({ $0.accepted >= 10 }) { break }
    }
    for line in binned where line.attempts < line.cap {
      let counts = line.arcs.accepted
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 3, "\(counts)")
    }
  }

  @Test func `a part out of reach is made up for by the others, or not, as was asked`() throws {
    for isStrict in [false, true] {
      var line = FillLine(identity: 1, name: "a", had: 0, wanted: 20, cap: 120)
      line.centre = Array(repeating: 1, count: 6)
      line.arcs = ArcBins(count: 4, wanted: 20, attemptsPerPicture: 6, isStrict: isStrict)
      var asked: Set<Int> = []
      while case let chunk = try schedule.next([line]), !chunk.isEmpty {
        for candidate in chunk {
          #expect(asked.insert(candidate.number).inserted)
          line.count(
            number: candidate.number, rejection: candidate.number % 4 == 3 ? "far" : nil,
            similarities: AttemptSimilarities())
        }
      }
      #expect(line.accepted == (isStrict ? 15 : 20))
      #expect(line.arcs.attempts[3] == 30 || !isStrict)
      #expect(line.arcs.unreachable == 1)
      #expect(asked.count == line.attempts)
    }
  }
}
