internal import SQLite

/// The opinions about one image that no later line has taken back, oldest first; the last is in
/// force.
///
/// A plain line adds its opinion. A line that undoes another takes that one's opinion off again;
/// one that undoes an undoing puts the opinion back. So after an undo the image is as it was, and
/// so is who had the last word on it.
struct Standing {
  struct Opinion {
    var line: DecisionRecord
    /// The line by which it stands: its own, or the one that put it back.
    var via: Int64
  }

  private(set) var opinions: [Opinion] = []
  private(set) var latest: Int64?
  private var taken: [Int64: DecisionRecord] = [:]

  /// - Parameter lines: every line about the image, by sequence.
  init(_ lines: [DecisionRecord]) {
    for line in lines { add(line) }
  }

  mutating func add(_ line: DecisionRecord) {
    latest = line.sequence
    guard let undone = line.undoes else {
      opinions.append(Opinion(line: line, via: line.sequence))
      return
    }
    if let back = taken[undone] {
      opinions.append(Opinion(line: back, via: line.sequence))
    } else if opinions.last?.via == undone {
      taken[line.sequence] = opinions.removeLast().line
    }
  }

  var inForce: Opinion? { opinions.last }

  /// True where `sequence` is what would be taken back next, or was itself the last taking back.
  func canUndo(_ sequence: Int64) -> Bool {
    inForce?.via == sequence || (latest == sequence && taken[sequence] != nil)
  }

  /// What the image returns to when `sequence` is undone.
  func actionAfterUndoing(_ sequence: Int64) -> DecisionAction {
    if let back = taken[sequence] { return back.decision.action }
    return opinions.dropLast().last?.line.decision.action ?? .restore
  }

  /// True where the rule's quarantine already stands, on its own or under another's.
  func isQuarantined(by author: String, rule: String) -> Bool {
    opinions.reversed().prefix { $0.line.decision.action == .quarantine }
      .contains { $0.line.decision.author == author && $0.line.decision.rule == rule }
  }
}
