/// What the planner knows of one identity.
public struct QuotaState: Equatable, Sendable {
  /// Pictures still wanted.
  public var missing: Int
  /// Candidates asked for so far, and how many of them were accepted.
  public var attempts = 0
  public var accepted = 0
  /// Candidates that may be asked for in all.
  public var cap: Int
  /// The same counts of earlier work under the same conditions; they cost nothing now.
  public var earlierAttempts = 0
  public var earlierAccepted = 0
  /// True where nothing (more) can be asked for, whatever the counts say.
  public var isClosed = false

  public init(missing: Int, cap: Int) {
    self.missing = missing
    self.cap = cap
  }

  /// Everything known of the rate.
  var trials: Int { attempts + earlierAttempts }
  var successes: Int { accepted + earlierAccepted }

  /// The rate at which the whole quota fits into the cap; infinite where the cap is 0.
  public var neededRate: Double { Double(missing + accepted) / Double(cap) }

  /// What is believed of the identity after its own candidates.
  public func belief(_ prior: AcceptanceBelief) -> AcceptanceBelief {
    prior.after(successes, of: trials)
  }
}

/// So many candidates of one identity.
public struct QuotaCalls: Equatable, Sendable {
  /// Index of the identity's state.
  public var line: Int
  public var count: Int

  public init(line: Int, count: Int) {
    self.line = line
    self.count = count
  }
}

/// Decides which identities the next candidates are asked for.
///
/// Objective: the most accepted pictures that can be expected of the calls there are. A call buys an
/// expected acceptance of the identity's posterior mean rate, so calls go to the identities with the
/// highest mean; ties to those that miss least, then to the lower place. An identity that is not known
/// yet ranks by what all others did, and gets a few calls first. No identity is asked for more than it
/// misses at once, so no call is spent on a picture nobody wants. Every open identity gets its turn:
/// those ahead of it fill up, reach their cap or are stopped.
///
/// A pure function of the counts: work that was cut off goes on as if it had not been. A budget cuts
/// the plan short and changes nothing before the cut. O(N log N) for N identities.
public struct QuotaPlanner: Equatable, Sendable {
  /// Most calls of one plan.
  public var chunk: Int
  /// Most calls at once of an identity of which fewer are known; later as many as are known.
  public var probe: Int
  public var stop: StopRule

  public init(chunk: Int = 64, probe: Int = 4, stop: StopRule = .standard) {
    self.chunk = max(1, chunk)
    self.probe = max(1, probe)
    self.stop = stop
  }

  /// What is believed of an identity before its own candidates: fitted from all.
  public func prior(_ states: [QuotaState]) -> AcceptanceBelief {
    var counts = AcceptanceCounts()
    for state in states { counts.add(state.successes, of: state.trials) }
    return counts.belief()
  }

  /// True where the identity is given up: by its own counts alone, so that what others did stops
  /// nobody, and who was stopped stays stopped.
  public func isStopped(_ state: QuotaState) -> Bool {
    state.missing > 0
      && stop.stops(
        state.belief(AcceptanceCounts.weakest), attempts: state.trials, needed: state.neededRate)
  }

  /// The next calls, at most `chunk` and `budget`; empty when every identity is closed, filled, at its
  /// cap or stopped, or the budget is 0.
  public func next(_ states: [QuotaState], budget: Int? = nil) -> [QuotaCalls] {
    var left = min(chunk, budget ?? chunk)
    guard left > 0 else { return [] }
    var plan: [QuotaCalls] = []
    for entry in ranking(states) {
      let state = states[entry.line]
      let known = max(probe, state.trials)
      let count = min(state.missing, state.cap - state.attempts, known, left)
      plan.append(QuotaCalls(line: entry.line, count: count))
      left -= count
      if left == 0 { break }
    }
    return plan
  }

  private struct Entry {
    var mean: Double
    var missing: Int
    var line: Int
  }

  /// The open identities, those first where a call buys most.
  private func ranking(_ states: [QuotaState]) -> [Entry] {
    let prior = prior(states)
    var memory = StopMemory(planner: self)
    var open: [Entry] = []
    open.reserveCapacity(states.count)
    for (line, state) in states.enumerated() {
      guard !state.isClosed, state.missing > 0, state.attempts < state.cap else { continue }
      guard !memory.isStopped(state) else { continue }
      let mean =
        (prior.alpha + Double(state.successes))
        / (prior.alpha + prior.beta + Double(state.trials))
      open.append(Entry(mean: mean, missing: state.missing, line: line))
    }
    open.sort { a, b in
      if a.mean != b.mean { return a.mean > b.mean }
      if a.missing != b.missing { return a.missing < b.missing }
      return a.line < b.line
    }
    return open
  }
}

/// Remembers the answers of the stop rule: identities share counts.
private struct StopMemory {
  let planner: QuotaPlanner
  private var known: [[Int]: Bool] = [:]

  init(planner: QuotaPlanner) { self.planner = planner }

  mutating func isStopped(_ state: QuotaState) -> Bool {
    guard state.trials >= planner.stop.fewestAttempts else { return false }
    // Most are far from being stopped, and cheaper to see than to look up.
    if Double(state.successes) >= state.neededRate * Double(state.trials) { return false }
    let key = [state.successes, state.trials, state.missing + state.accepted, state.cap]
    if let answer = known[key] { return answer }
    let answer = planner.isStopped(state)
    known[key] = answer
    return answer
  }
}
