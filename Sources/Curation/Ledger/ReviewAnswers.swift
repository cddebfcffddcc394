public import Cataloging
public import Interchange

/// A person's answers from a file: columns `pair` and `answer`, and `note` where there is one.
public struct ReviewAnswers: Sendable {
  /// A row that cannot be used.
  public struct BadRow: Equatable, Sendable {
    /// Counted from 1, the header left out.
    public var row: Int
    public var pair: String
    public var reason: String
  }

  /// Ready for `Catalog.answer`, in the file's order.
  public private(set) var decisions: [NewDecision] = []
  public private(set) var bad: [BadRow] = []
  /// Rows without an answer.
  public private(set) var blank = 0

  /// Checks every row; a bad one is listed and the rest goes on.
  /// - Throws: `CurationError` where a column is missing.
  public init(_ table: CSVTable, about queue: ReviewQueue, by author: String) throws {
    guard let pairs = table.column("pair"), let answers = table.column("answer") else {
      throw CurationError(
        .missingInput, "the answers have no columns pair and answer",
        hint: "give a CSV that 'd2r-curate review export' wrote, or its page")
    }
    let notes = table.column("note")
    var seen: [String: String] = [:]
    for (place, pair) in pairs.enumerated() {
      let answer = answers[place].lowercased()
      if answer.isEmpty {
        blank += 1
        continue
      }
      let reason: String
      if let item = queue.known[pair] {
        if let earlier = seen[pair] {
          if earlier == answer { continue }
          reason = "the pair is answered twice, \(earlier) and \(answer)"
        } else if let action = Self.action(answer) {
          seen[pair] = answer
          decisions.append(
            ReviewQueue.decision(action, about: item, by: author, note: notes?[place]))
          continue
        } else {
          reason = "'\(answers[place])' is no answer: same, different or unsure"
        }
      } else {
        reason = "no step in force found this pair of these files"
      }
      bad.append(BadRow(row: place + 1, pair: pair, reason: reason))
    }
  }

  /// The answer a word or its first letter stands for.
  public static func action(_ word: String) -> DecisionAction? {
    switch word {
    case "same", "s": .same
    case "different", "d": .different
    case "unsure", "u": .unsure
    default: nil
    }
  }
}
