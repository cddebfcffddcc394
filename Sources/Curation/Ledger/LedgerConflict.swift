public import Cataloging
import Diagnostics
import Domain

/// A rule and a person who disagree about an image, by both their words.
struct LedgerConflict {
  /// The image, as `population/path`.
  let image: String
  let conflict: DecisionConflict

  /// The conflicts with their images' names, in the order given.
  static func list(
    _ conflicts: [DecisionConflict], in catalog: Catalog
  ) async throws -> [LedgerConflict] {
    var named: [LedgerConflict] = []
    for conflict in conflicts {
      let image = try await catalog.image(conflict.refused.image)
      named.append(LedgerConflict(image: image.shownPath, conflict: conflict))
    }
    return named
  }

  var sentence: String {
    let (rule, person) = (conflict.refused, conflict.standing.decision)
    return """
      conflict: \(image): rule \(rule.rule) says \(rule.action.rawValue) (\(rule.reason)); \
      \(person.author) said \(person.action.rawValue) (\(person.reason), decision \
      \(conflict.standing.sequence)) and is not overruled
      """
  }

  var document: JSONValue {
    let (rule, person) = (conflict.refused, conflict.standing.decision)
    return [
      "image": .int(Int(rule.image)), "path": .string(image),
      "other": JSONValue(rule.other) { .int(Int($0)) },
      "rule": [
        "action": .string(rule.action.rawValue), "rule": .string(rule.rule),
        "reason": .string(rule.reason), "step": JSONValue(rule.step) { .string($0) },
      ],
      "person": [
        "action": .string(person.action.rawValue), "author": .string(person.author),
        "reason": .string(person.reason), "decision": .int(Int(conflict.standing.sequence)),
      ],
    ]
  }
}

extension ImageRecord {
  /// `population/path`: how an image is named for people and in lists.
  public var shownPath: String { "\(population.rawValue)/\(path)" }
}
