import Analysis
import Cataloging
import Diagnostics
import Domain

/// How the pictures of the set spread, as far as the catalog knows: which way faces look, and how good
/// they are.
enum SpreadSummary {
  static func document(in context: StepContext) async throws -> JSONValue {
    let images = try await context.catalog.images(
      ImageFilter(populations: [.digital, .generated]))
    return .object(
      Dictionary(
        uniqueKeysWithValues: [Population.digital, .generated].map { population in
          (
            population.rawValue,
            document(images.filter { $0.population == population }.map(\.facts))
          )
        }))
  }

  private static func document(_ facts: [ImageFacts]) -> JSONValue {
    let turns = facts.map { $0.landmarks.flatMap(HeadTurn.init(landmarks:)) }
    var document: [String: JSONValue] = ["turnUnknown": .int(turns.count { $0 == nil })]
    for turn in HeadTurn.allCases {
      document[turn.rawValue] = .int(turns.count { $0 == turn })
    }
    let qualities = facts.compactMap { $0.quality ?? $0.sharpness }
    document["qualityQuartiles"] = .array(
      [0.25, 0.5, 0.75].compactMap { Quantile.of(qualities, at: $0).map { .double($0) } })
    return .object(document)
  }

  /// For people; one line where a turn is known at all.
  static func lines(_ summary: JSONValue) -> [String] {
    [Population.digital, .generated].compactMap { population in
      guard let own = summary[population.rawValue] else { return nil }
      let turns = HeadTurn.allCases.map { ($0, own[$0.rawValue]?.intValue ?? 0) }
      guard turns.contains(where: { $0.1 > 0 }) else { return nil }
      let text = turns.map { "\($0.0.rawValue) \(HumanNumbers.count($0.1))" }
      return "\(population.rawValue) faces look: \(text.joined(separator: ", "))"
    }
  }
}
