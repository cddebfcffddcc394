import Analysis
import Cataloging
import Diagnostics

extension DatasetReading {
  /// Collisions of the search in force between identities that both still have images; nil where there
  /// was no search.
  func collisions(_ inForce: [ImageRecord]) async throws -> CollisionSummary? {
    guard let step = try await context.catalog.latestStep(named: CollisionsStep.name) else {
      return nil
    }
    let names = Dictionary(
      uniqueKeysWithValues: try await context.catalog.identities().map { ($0.id, $0.name) })
    let alive = Set(inForce.compactMap(\.identity))
    let open = try await context.catalog.collisions(step: step.key)
      .filter { alive.contains($0.a) && alive.contains($0.b) }
    let summary = try JSONValue(parsing: step.summary)
    return CollisionSummary(
      pairs: open.map { [names[$0.a] ?? "\($0.a)", names[$0.b] ?? "\($0.b)"] },
      isWithinChance: try await isWithinChance(open, summary))
  }

  /// Held against the chance of the whole set, which is a little more than that of what is left. Not
  /// known for a threshold without a false-match rate, or one that was measured on the set itself.
  private func isWithinChance(
    _ open: [CollisionRecord], _ summary: JSONValue
  ) async throws -> Bool? {
    guard summary["measuredOnItself"]?.boolValue != true else { return nil }
    let imagePairs = open.reduce(0) { $0 + $1.imagePairs }
    let prototypePairs = open.count { $0.decidedBy != CollisionsStep.Basis.images.rawValue }
    var answers: [Bool] = []
    for (key, found) in [("images", imagePairs), ("prototypes", prototypePairs)] {
      guard let part = summary["budget"]?[key], !part.isNull else { continue }
      guard let high = part["high"]?.intValue else { return nil }
      answers.append(found <= high)
    }
    return answers.isEmpty ? nil : answers.allSatisfy { $0 }
  }
}
