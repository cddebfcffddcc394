import Cataloging
import Diagnostics
import Domain

/// The cosines of the identity space that audit rules hold images against; nil where the space has
/// none at such a rate.
struct AuditPoints {
  /// A picture belongs to its identity from here on.
  var own: OperatingPoint?
  /// Two prototypes are one identity from here on.
  var collision: OperatingPoint?
  /// A generated picture leaks from here on.
  var leak: OperatingPoint?

  static func load(_ options: AuditStep.Options, in context: StepContext) async throws -> Self {
    guard let space = try? await context.space(named: Space.identity) else { return Self() }
    func point(_ rate: Double, _ cohorts: [Population]) async throws -> OperatingPoint? {
      do {
        return try await context.operatingPoint(
          options.allowsExtrapolated ? .extrapolable(rate) : .falseMatchRate(rate), in: space,
          cohorts: cohorts, documented: options.documented)
      } catch let error as CurationError where error.code == .missingInput {
        return nil
      }
    }
    let own: [Population] = [.digital, .real, .reference]
    return Self(
      own: try await point(options.rates.ownIdentity, own),
      collision: try await point(options.rates.leakReview, own),
      leak: try await point(options.rates.leakReview, [.reference, .real, .digital]))
  }

  private var named: [(key: String, words: String, point: OperatingPoint?)] {
    [
      ("own", "own identity", own), ("collision", "identities collide", collision),
      ("leak", "pictures leak", leak),
    ]
  }

  var document: JSONValue {
    .object(
      Dictionary(
        uniqueKeysWithValues: named.map { ($0.key, JSONValue($0.point) { $0.document }) }))
  }

  /// One line each, for people.
  var texts: [String] {
    named.compactMap { name in name.point.map { "\(name.words) from \($0.text)" } }
  }
}
