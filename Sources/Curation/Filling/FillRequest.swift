import Cataloging
import Domain
import LinearAlgebra

/// One identity of a fill request: what it has, what was tried, and what it still needs.
package struct FillLine: Equatable, Sendable {
  package let identity: Int64
  package let name: String
  package let had: Int
  package let wanted: Int
  /// The vector variations start from; nil where the identity cannot be filled.
  package var centre: [Float]?
  /// Attempts that other requests have on record: numbers go on from there, so that no picture is
  /// asked for twice.
  package var earlier = 0
  /// Why nothing (more) is tried, for people; empty while attempts go on.
  package var obstacle = ""
  package var accepted = 0
  package var attempts = 0
  /// Attempts after which the identity ends as a shortfall.
  package let cap: Int

  package init(
    identity: Int64, name: String, had: Int, wanted: Int, cap: Int
  ) {
    self.identity = identity
    self.name = name
    self.had = had
    self.wanted = wanted
    self.cap = cap
  }

  package var missing: Int { max(0, wanted - had - accepted) }
  package var isOpen: Bool { centre != nil && missing > 0 && attempts < cap }

  /// The record of this line once the request is finished.
  var record: QuotaRecord {
    let reason =
      missing == 0
      ? "" : obstacle.isEmpty ? "\(attempts) attempts, \(accepted) accepted" : obstacle
    return QuotaRecord(
      identity: identity, wanted: wanted, had: had, accepted: accepted, attempts: attempts,
      shortfall: missing, reason: reason)
  }
}

/// One picture the generator is asked for: everything needed to make it again.
package struct FillCandidate: Equatable, Sendable {
  /// Index of the identity's line.
  package var line: Int
  /// Attempt number within the identity, from 0, over all requests.
  package var number: Int
  package var seed: UInt64
  /// Slerp parameter: 0 is the line's centre, 1 another vector; for other variations the angle to the
  /// centre as a share of π/2.
  package var interpolation: Double
  /// What the generator is asked with.
  package var vector: [Float]
}

/// Which candidates come next: a pure function of the lines, so that a request that was cut off
/// goes on as if nothing had happened. Seeds follow from identity and attempt alone: whatever request
/// asks, in whatever order and of whatever server, the same attempt is the same picture.
package struct FillSchedule: Sendable {
  /// Candidates after which a chunk is full; a chunk is generated, judged and committed at once.
  package static let chunk = 64

  let seed: UInt64
  let vectors: CandidateVectors

  package init(seed: UInt64, vectors: CandidateVectors) {
    self.seed = seed
    self.vectors = vectors
  }

  /// Of latents. Slerp parameters are drawn evenly from the range: far enough to differ, near enough
  /// to stay the same person.
  package init(seed: UInt64, interpolation: ClosedRange<Double>) {
    self.init(seed: seed, vectors: .latents(interpolation))
  }

  /// The next chunk; empty when every line is closed.
  package func next(_ lines: [FillLine]) throws -> [FillCandidate] {
    var candidates: [FillCandidate] = []
    for (index, line) in lines.enumerated() where line.isOpen {
      let count = min(line.missing, line.cap - line.attempts)
      for attempt in line.attempts..<line.attempts + count {
        candidates.append(
          try candidate(line, index: index, number: line.earlier + attempt))
      }
      if candidates.count >= Self.chunk { break }
    }
    return candidates
  }

  private func candidate(
    _ line: FillLine, index: Int, number: Int
  ) throws -> FillCandidate {
    let seed = Seed.derived(
      from: "picture of identity \(line.identity) attempt \(number)", parent: seed)
    let drawn = try vectors.draw(
      identity: line.identity, centre: line.centre ?? [], seed: seed)
    return FillCandidate(
      line: index, number: number, seed: seed, interpolation: drawn.interpolation,
      vector: drawn.vector)
  }
}
