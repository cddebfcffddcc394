import Cataloging
import Curation
import Diagnostics
import Domain

/// The conversation of `review`: shows a pair, reads an answer, writes it into the ledger, goes on.
struct ReviewDialogue {
  let items: [ReviewQueue.Item]
  let author: String
  let catalog: Catalog
  let console: Console
  /// Goes on with pairs whose image was put aside meanwhile.
  let asksAboutSettled: Bool
  private(set) var counts: [DecisionAction: Int] = [:]
  /// Answers given now: which pair, and the batch that undoes it; nil where nothing was written.
  private var given: [(place: Int, action: DecisionAction, batch: Int64?)] = []

  init(
    _ items: [ReviewQueue.Item], by author: String, catalog: Catalog, console: Console,
    asksAboutSettled: Bool
  ) {
    self.items = items
    self.author = author
    self.catalog = catalog
    self.console = console
    self.asksAboutSettled = asksAboutSettled
  }

  /// Asks until every pair was asked about, the person stops, or the input ends.
  mutating func run() async throws {
    var place = 0
    while place < items.count {
      if try await wasSettled(items[place]) {
        place += 1
        continue
      }
      show(items[place], number: place + 1)
      guard let word = readLine()?.lowercased(), word != "q" else { return }
      if word == "z" {
        place = try await takeBack() ?? place
      } else if let action = ReviewAnswers.action(word) {
        try await answer(action, at: place)
        place += 1
      } else {
        console.err("answer s (same), d (different), u (unsure), z (undo) or q (quit)")
      }
    }
  }

  /// True where an answer given now has put the pair's image aside already.
  private func wasSettled(_ item: ReviewQueue.Item) async throws -> Bool {
    guard !asksAboutSettled else { return false }
    return try await catalog.image(item.removed.id).isQuarantined
  }

  private func show(_ item: ReviewQueue.Item, number: Int) {
    let question = item.pair.kind == .duplicate ? "same picture" : "same person"
    console.out("[\(number)/\(items.count)] \(item.pair.kind.rawValue), \(item.pair.tier)")
    for (role, image) in [("removed", item.removed), ("kept   ", item.kept)] {
      let identity = image.identityName.map { "  (\($0))" } ?? ""
      console.out("  \(role)  \(image.shownPath)\(identity)")
    }
    console.out("  \(item.measures)")
    if let threshold = item.threshold { console.out("  decided at \(threshold.text)") }
    console.out(
      "\(question)? s same, d different, u unsure, z undo, q quit"
        + (item.answer == nil ? "" : "  (unsure before)"))
  }

  private mutating func answer(_ action: DecisionAction, at place: Int) async throws {
    let item = items[place]
    let decision = ReviewQueue.decision(action, about: item, by: author)
    let result = try await catalog.answer([decision])
    for conflict in result.conflicts {
      console.err(
        """
        noted, but \(item.removed.shownPath) stays: \(conflict.standing.decision.author) said \
        \(conflict.standing.decision.action.rawValue) (decision \(conflict.standing.sequence))
        """)
    }
    given.append((place, action, result.batch))
    counts[action, default: 0] += 1
  }

  /// Takes the last answer back and returns its place; nil where none was given.
  private mutating func takeBack() async throws -> Int? {
    guard let last = given.popLast() else {
      console.err("there is no answer to take back here: see d2r-curate undo")
      return nil
    }
    if let batch = last.batch { _ = try await catalog.undo(batch: batch, by: author) }
    counts[last.action, default: 0] -= 1
    return last.place
  }
}
