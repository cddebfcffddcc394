import Analysis
import Cataloging
import Domain

/// Why candidates of one identity were refused, counted.
package struct RejectionTally: Equatable, Sendable {
  /// So many answers that are pixel for pixel a picture that is there already, and no other, say that
  /// the seed changes nothing.
  package static let repeatsThatTell = 4
  /// The duplicate similarity of such an answer; no measured one is recorded as high.
  static let samePicture: Float = 1

  /// By the test's name, or the whole reason where it was no test.
  private(set) var counts: [String: Int] = [:]
  /// The highest similarity to the own identity that was too low.
  private(set) var bestOwn: Float?
  private(set) var samePictures = 0

  mutating func add(_ reason: String, _ similarities: AttemptSimilarities) {
    let word = Self.word(reason)
    counts[word, default: 0] += 1
    if word == GateReason.Test.unlikeItsIdentity.rawValue, let own = similarities.own?.value {
      bestOwn = max(bestOwn ?? own, own)
    }
    if similarities.duplicate?.value == Self.samePicture { samePictures += 1 }
  }

  /// The reason refused most for, ties to the first word, and how often.
  var most: (word: String, count: Int)? {
    counts.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// What is before the colon.
  static func word(_ reason: String) -> String { String(reason.prefix { $0 != ":" }) }
}
