internal import SQLite

/// The opinions about one image, or one pair, that no later line has taken back, oldest first; the
/// last is in force.
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
  /// Lines that took an opinion off and can be undone, the next one last.
  private var undoings: [Int64] = []
  private var taken: [Int64: DecisionRecord] = [:]

  /// - Parameter lines: every line about the image, or about the pair, by sequence.
  init(_ lines: [DecisionRecord]) {
    for line in lines { add(line) }
  }

  mutating func add(_ line: DecisionRecord) {
    guard let undone = line.undoes else {
      opinions.append(Opinion(line: line, via: line.sequence))
      undoings = []
      return
    }
    if let back = taken[undone] {
      opinions.append(Opinion(line: back, via: line.sequence))
      undoings.removeAll { $0 == undone }
    } else if opinions.last?.via == undone {
      taken[line.sequence] = opinions.removeLast().line
      undoings.append(line.sequence)
    }
  }

  var inForce: Opinion? { opinions.last }

  /// True where the image was purged: nothing can be said about it any more.
  var isPurged: Bool { inForce?.line.decision.action == .purge }

  /// True where `sequence` is what would be taken back next, or the last taking back that stands. A
  /// purge is final.
  func canUndo(_ sequence: Int64) -> Bool {
    if isPurged { return false }
    return inForce?.via == sequence || undoings.last == sequence
  }

  /// What the image or the pair returns to when `sequence` is undone.
  func actionAfterUndoing(_ sequence: Int64, base: DecisionAction) -> DecisionAction {
    if let back = taken[sequence] { return back.decision.action }
    return opinions.dropLast().last?.line.decision.action ?? base
  }

  /// True where the rule's quarantine already stands, on its own or under another's.
  func isQuarantined(by author: String, rule: String) -> Bool {
    opinions.reversed().prefix { $0.line.decision.action == .quarantine }
      .contains { $0.line.decision.author == author && $0.line.decision.rule == rule }
  }
}
