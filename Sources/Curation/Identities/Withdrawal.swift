import Cataloging
import Diagnostics
import Domain

/// Puts identities aside by a person's word: a decision about each of their images, which `undo` takes
/// back.
public struct Withdrawal: Sendable {
  /// The rule its decisions carry in the ledger.
  public static let rule = "withdrawn"

  let names: [String]
  let reason: String
  let author: String

  public init(_ names: [String], reason: String, author: String) {
    self.names = names
    self.reason = reason
    self.author = author
  }

  /// - Throws: where a name belongs to no identity of the set, or to several; nothing is then written.
  public func run(in context: StepContext) async throws -> StepReport {
    let identities = try await context.identitiesToFill()
    let chosen = try names.map { try find($0, among: identities) }
    let images = try await context.catalog.images(
      ImageFilter(populations: [.digital, .generated]))
    let members = Dictionary(grouping: images) { $0.identity ?? 0 }
    let decisions = chosen.uniqued().flatMap { identity in
      (members[identity] ?? []).map {
        NewDecision(
          image: $0.id, action: .quarantine, author: author, rule: Self.rule, reason: reason)
      }
    }
    let result = try await context.catalog.append(decisions)
    return StepReport(
      Self.rule, wasDone: false,
      lines: ["\(chosen.count) identities put aside, \(result.sequences.count) images"],
      document: [
        "identities": .int(chosen.count), "images": .int(result.sequences.count),
        "unchanged": .int(result.unchanged.count),
      ])
  }

  private func find(_ name: String, among identities: [IdentityRecord]) throws -> Int64 {
    let found = identities.filter { $0.name == name }
    guard let only = found.first, found.count == 1 else {
      throw CurationError(
        .missingInput,
        found.isEmpty
          ? "the set has no identity named \(name)"
          : "\(found.count) identities of different folders are named \(name)",
        hint: "see the names: d2r-curate identities list")
    }
    return only.id
  }
}
