public import Domain
import Execution
import Glibc
import LinearAlgebra

/// Packs new directions on the sphere, each at least an angle away from all that are there and from
/// one another: random sequential adsorption (Widom, Journal of Chemical Physics 44, 1966) with
/// repulsion. A proposal that lies too near is moved away from its nearest neighbour along their great
/// circle, to just outside the angle, a few times; what is still too near is refused.
///
/// Memory beyond the directions is one block of cosines per thread. The same bytes at any number of
/// threads.
public struct SpherePacking: Sendable {
  /// Proposals placed at once; also the rows of one block of cosines.
  public static let block = 256
  /// Directions compared with at a time.
  static let tile = 4096
  /// How far beyond the angle a moved proposal lands, in radians: more than float32 loses.
  static let clearance = 1e-4

  /// Cosine that every pair stays below.
  public var below: CosineSimilarity
  /// How often a proposal is moved before it is refused.
  public var rounds = 8

  public init(below: CosineSimilarity) { self.below = below }

  /// A direction that found a place.
  public struct Placed: Equatable, Sendable {
    /// Its number in the model.
    public var number: Int
    /// Unit length.
    public var vector: [Float]
  }

  /// What packing came to.
  public struct Outcome: Equatable, Sendable {
    /// In the order of their numbers.
    public var placed: [Placed] = []
    /// Proposals looked at.
    public var proposals = 0
    /// Refused proposals by reason.
    public var refused: [String: Int] = [:]

    public init() {}
  }

  /// What is asked for.
  public struct Request: Sendable {
    /// Directions wanted.
    public var count: Int
    /// Most proposals looked at.
    public var mostProposals: Int
    /// Numbers of the model that are not proposed.
    public var skipped: Set<Int> = []
    public var seed: UInt64
    public var threads: Int

    public init(count: Int, mostProposals: Int, seed: UInt64, threads: Int) {
      self.count = count
      self.mostProposals = mostProposals
      self.seed = seed
      self.threads = threads
    }
  }

  public static let tooNear = "near an identity"
  public static let tooNearNew = "near a new identity"
  public static let noDirection = "no direction"

  /// Places proposals 0, 1, … of `model` until `request.count` are placed or the proposals are spent.
  /// - Parameters:
  ///   - directions: unit vectors that are there; rows of zeros keep nobody away.
  ///   - judge: says of each row why it cannot be had, or nil; asked about rows that found a place.
  public func pack(
    around directions: Vectors, from model: DirectionModel, _ request: Request,
    judge: (Vectors) throws -> [String?]
  ) throws -> Outcome {
    var outcome = Outcome()
    var there = directions
    var start = 0
    while outcome.placed.count < request.count && start < request.mostProposals {
      let numbers = start..<start + Self.block
      start = numbers.upperBound
      let proposals = model.draws(numbers, seed: request.seed)
      let candidates = numbers.filter {
        $0 < request.mostProposals && !request.skipped.contains($0)
      }
      guard !candidates.isEmpty else { continue }
      var moved = proposals.rows(candidates.map { $0 - numbers.lowerBound })
      let reasons = try place(&moved, among: there, threads: request.threads)
      let free = reasons.indices.filter { reasons[$0] == nil }
      let verdicts = try judge(moved.rows(free))
      var all = reasons
      for (place, verdict) in zip(free, verdicts) { all[place] = verdict }
      let first = outcome.placed.count
      for (row, reason) in all.enumerated() where outcome.placed.count < request.count {
        outcome.proposals += 1
        let vector = Array(moved[row: row])
        if let reason = reason ?? nearNew(vector, outcome.placed[first...]) {
          outcome.refused[reason, default: 0] += 1
        } else {
          outcome.placed.append(Placed(number: candidates[row], vector: vector))
        }
      }
      there = there.appending(outcome.placed[first...].map(\.vector))
    }
    return outcome
  }

  private func nearNew(_ vector: [Float], _ placed: ArraySlice<Placed>) -> String? {
    placed.contains { PlainDot.similarity($0.vector[...], vector[...]) >= below }
      ? Self.tooNearNew : nil
  }

  /// Moves rows that lie too near; says why where that did not help.
  private func place(
    _ proposals: inout Vectors, among there: Vectors, threads: Int
  ) throws -> [String?] {
    var reasons: [String?] = (0..<proposals.count).map { row in
      proposals[row: row].contains { $0 != 0 } ? nil : Self.noDirection
    }
    var open = reasons.indices.filter { reasons[$0] == nil }
    for round in 0...max(0, rounds) {
      let nearest = try Self.nearest(of: proposals.rows(open), among: there, threads: threads)
      var near: [Int] = []
      for (row, found) in zip(open, nearest) where CosineSimilarity(found.cosine) >= below {
        near.append(row)
        guard round < rounds else { continue }
        let moved = repelled(proposals[row: row], from: there[row: found.row])
        for (place, value) in moved.enumerated() {
          proposals.values[row * proposals.width + place] = value
        }
      }
      open = near
      if open.isEmpty { break }
    }
    for row in open { reasons[row] = Self.tooNear }
    return reasons
  }

  /// `vector` at just more than the packing's angle from `other`, on their great circle; as it is where
  /// the circle is not determined.
  private func repelled(_ vector: ArraySlice<Float>, from other: ArraySlice<Float>) -> [Float] {
    let angle = min(
      Double.pi, acos(min(1, max(-1, Double(below.value)))) + Self.clearance)
    guard let centre = IdentityArc.unit(other.map(Double.init)),
      let across = IdentityArc.tangent(at: centre, towards: vector.map(Double.init))
    else { return Array(vector) }
    return zip(centre, across).map { Float(cos(angle) * $0 + sin(angle) * $1) }
  }

  /// The most similar row of `there` for each row, ties to the lower; cosine -2 where there is none.
  static func nearest(
    of rows: Vectors, among there: Vectors, threads: Int
  ) throws -> [(row: Int, cosine: Float)] {
    var best = [(row: Int, cosine: Float)](repeating: (0, -2), count: rows.count)
    let tiles = try Parallel.mapBlocks(count: there.count, blockSize: tile, threads: threads) {
      places -> [(row: Int, cosine: Float)] in
      let cosines = rows.similarities(to: there.rows(places))
      return (0..<rows.count).map { row in
        var best = (row: 0, cosine: Float(-2))
        for (place, target) in places.enumerated() {
          let cosine = cosines[row * places.count + place]
          if cosine > best.cosine { best = (target, cosine) }
        }
        return best
      }
    }
    for found in tiles {
      for (row, candidate) in found.enumerated() where candidate.cosine > best[row].cosine {
        best[row] = candidate
      }
    }
    return best
  }
}

extension Vectors {
  fileprivate func appending(_ rows: [[Float]]) -> Vectors {
    guard !rows.isEmpty else { return self }
    return Vectors(
      count: count + rows.count, width: width, values: values + rows.flatMap { $0 })
  }
}
