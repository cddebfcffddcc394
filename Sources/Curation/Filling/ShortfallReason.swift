import Analysis
import Cataloging
import Diagnostics
import Domain

/// Says in words and numbers why an identity is still short.
struct ShortfallReason {
  let planner: QuotaPlanner
  /// What is believed of an identity before its own candidates.
  let prior: AcceptanceBelief
  let ownFloor: CosineSimilarity
  /// What ran out, e.g. "the budget of 100 calls"; nil where nothing did.
  let spent: String?

  /// Empty where nothing is missing.
  func text(_ line: FillLine) -> String {
    guard line.missing > 0 else { return "" }
    let short = line.spread.short
    return (short.isEmpty ? "" : "\(short); ") + cause(line)
  }

  private func cause(_ line: FillLine) -> String {
    if !line.obstacle.isEmpty { return line.obstacle }
    if line.repeatsItself {
      return """
        \(count(line)): the generator gives the same picture whatever the seed \
        (\(line.rejections.samePictures) of \(line.attempts) answers were pixel for pixel there already)
        """
    }
    let state = line.state
    if planner.isStopped(state) { return stopped(line, state) + most(line) }
    if state.attempts >= state.cap {
      return "\(count(line)): its cap of \(line.cap) candidates is used up" + most(line)
    }
    if state.isClosed {
      return """
        \(count(line)): \(line.arcs.unreachable) of \(line.arcs.count) bins of the arc are out of \
        reach, and --spread strict takes no more from the others
        """ + most(line)
    }
    return "\(spent ?? "cut off"): \(needed(line, state)); so far \(count(line))" + most(line)
  }

  private func count(_ line: FillLine) -> String {
    let earlier =
      line.earlierAttempts == 0
      ? "" : " (and \(line.earlierAccepted) of \(line.earlierAttempts) before)"
    return "\(line.accepted) of \(line.attempts) accepted\(earlier)"
  }

  private func stopped(_ line: FillLine, _ state: QuotaState) -> String {
    let highest = state.belief(AcceptanceCounts.weakest).quantile(0.95)
    return """
      \(count(line)); rate at most \(HumanNumbers.decimal(highest, 2)) with 95 %, \
      \(HumanNumbers.decimal(state.neededRate, 2)) would be needed: cannot pass at its cap of \
      \(line.cap)
      """
  }

  private func needed(_ line: FillLine, _ state: QuotaState) -> String {
    let forecast = CallForecast(acceptances: line.missing, belief: state.belief(prior))
    let likely =
      forecast.quantile.map { HumanNumbers.count($0) }
      ?? "more than \(HumanNumbers.count(CallForecast.horizon))"
    guard let mean = forecast.mean else {
      return "too little is known for a mean; \(likely) more calls would do with 90 %"
    }
    let about = HumanNumbers.count(Int(min(mean.rounded(.up), 1e12)))
    return "about \(about) more calls would be needed (\(likely) with 90 %)"
  }

  private func most(_ line: FillLine) -> String {
    guard let (word, count) = line.rejections.most else { return "" }
    let all = line.attempts - line.accepted
    var text = "; \(count == all ? "all" : "most") fail '\(word)' (\(count) of \(all)"
    if word == GateReason.Test.unlikeItsIdentity.rawValue, let best = line.rejections.bestOwn {
      text += """
        , best \(HumanNumbers.decimal(Double(best), 3)), needs \
        \(HumanNumbers.decimal(Double(ownFloor.value), 3))
        """
    }
    return text + ")"
  }
}
