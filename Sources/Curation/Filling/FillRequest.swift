package import Analysis
package import Cataloging
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
  /// The attempt number that comes next: numbers go on over all requests, so that no picture is
  /// asked for twice.
  package var nextNumber = 0
  /// What other requests under the same conditions tried and got.
  package var earlierAttempts = 0
  package var earlierAccepted = 0
  /// Why nothing (more) is tried, for people; empty while attempts go on.
  package var obstacle = ""
  package private(set) var accepted = 0
  package private(set) var attempts = 0
  /// Attempts after which the identity ends as a shortfall.
  package let cap: Int
  /// Where on the arc candidates are asked for.
  package var arcs = ArcBins.one
  /// What pictures must show alike.
  package var spread = SpreadTargets.none
  package private(set) var rejections = RejectionTally()

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

  /// Counts a judged candidate. `rejection` is nil for an accepted one, of which `values` were measured.
  package mutating func count(
    number: Int, rejection: String?, similarities: AttemptSimilarities,
    values: SpreadValues = SpreadValues()
  ) {
    attempts += 1
    nextNumber = max(nextNumber, number + 1)
    arcs.count(number, isAccepted: rejection == nil)
    if let rejection {
      rejections.add(rejection, similarities)
      spread.refuse(rejection)
    } else {
      accepted += 1
      spread.add(values)
    }
  }

  /// True where the generator answers whatever it is asked with one picture.
  package var repeatsItself: Bool {
    rejections.samePictures >= RejectionTally.repeatsThatTell
      && rejections.samePictures + accepted == attempts
  }

  /// What the planner knows of this line.
  package var state: QuotaState {
    var state = QuotaState(missing: missing, cap: cap - spread.freeRefusals)
    state.attempts = attempts - spread.freeRefusals
    state.accepted = accepted
    state.earlierAttempts = earlierAttempts
    state.earlierAccepted = earlierAccepted
    state.isClosed = centre == nil || repeatsItself || !arcs.hasOpenBin
    return state
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
  let seed: UInt64
  let vectors: CandidateVectors
  /// Decides who is asked for; a plan is generated, judged and committed at once.
  package var planner: QuotaPlanner

  package init(
    seed: UInt64, vectors: CandidateVectors, planner: QuotaPlanner = QuotaPlanner()
  ) {
    self.seed = seed
    self.vectors = vectors
    self.planner = planner
  }

  /// Of latents. Slerp parameters are drawn evenly from the range: far enough to differ, near enough
  /// to stay the same person.
  package init(
    seed: UInt64, interpolation: ClosedRange<Double>, planner: QuotaPlanner = QuotaPlanner()
  ) {
    self.init(seed: seed, vectors: .latents(interpolation), planner: planner)
  }

  /// The next chunk, of at most `budget` candidates; empty when every line is closed, or the budget
  /// is 0.
  package func next(_ lines: [FillLine], budget: Int? = nil) throws -> [FillCandidate] {
    try planner.next(lines.map(\.state), budget: budget).flatMap { calls in
      let line = lines[calls.line]
      return try line.arcs.numbers(calls.count, from: line.nextNumber).map {
        try candidate(line, index: calls.line, number: $0)
      }
    }
  }

  private func candidate(
    _ line: FillLine, index: Int, number: Int
  ) throws -> FillCandidate {
    let seed = Seed.derived(
      from: "picture of identity \(line.identity) attempt \(number)", parent: seed)
    let drawn = try vectors.draw(
      identity: line.identity, centre: line.centre ?? [], seed: seed
    ) { line.arcs.place(number, in: $0, $1) }
    return FillCandidate(
      line: index, number: number, seed: seed, interpolation: drawn.interpolation,
      vector: drawn.vector)
  }
}
