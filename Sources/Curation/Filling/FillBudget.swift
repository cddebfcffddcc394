import Diagnostics

/// What a fill request may spend.
public enum FillBudget: Equatable, Sendable {
  /// So many candidates asked of the generator, over all runs of the request.
  case calls(Int)
  /// So many seconds of generating and judging, over all runs of the request. What is accepted then
  /// depends on the clock.
  case seconds(Double)

  /// Reads `1000` or `1000calls`, and `600s`, `10m` or `2h`; nil for anything else.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    switch (text.dropFirst(digits.count), Int(digits), Double(digits)) {
    case ("", let count?, _), ("calls", let count?, _): self = .calls(count)
    case ("s", _, let seconds?): self = .seconds(seconds)
    case ("m", _, let minutes?): self = .seconds(60 * minutes)
    case ("h", _, let hours?): self = .seconds(3600 * hours)
    default: return nil
    }
  }

  /// For provenance: calls as a number, time as text.
  var document: JSONValue {
    switch self {
    case .calls(let count): .int(count)
    case .seconds(let seconds): .string("\(seconds)s")
    }
  }

  /// What is said when it is used up.
  var spentText: String {
    switch self {
    case .calls(let count): "the budget of \(HumanNumbers.count(count)) calls is spent"
    case .seconds(let seconds):
      "the budget of \(HumanNumbers.duration(.seconds(seconds))) is spent"
    }
  }
}

/// What is left of a budget while a request is under way.
struct BudgetMeter: Equatable {
  /// Candidates of the first chunk under a budget of time, which tells how long one takes.
  static let firstChunk = 8

  let budget: FillBudget?
  /// Of all runs of the request.
  var calls = 0
  var seconds = 0.0

  /// Most candidates that may be asked for now; nil without a budget. Under a budget of time no more
  /// than fit into what is left at the rate measured so far.
  var allowance: Int? {
    switch budget {
    case nil: return nil
    case .calls(let most): return max(0, most - calls)
    case .seconds(let most):
      guard seconds < most else { return 0 }
      guard calls > 0, seconds > 0 else { return Self.firstChunk }
      return Int(min(1e9, (most - seconds) * Double(calls) / seconds))
    }
  }

  var isSpent: Bool { allowance == 0 }

  mutating func spend(calls: Int, seconds: Double) {
    self.calls += calls
    self.seconds += seconds
  }
}
