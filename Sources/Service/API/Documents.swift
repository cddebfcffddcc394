internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain

// How the catalog's records look in the API.

extension ImageRecord {
  func document(_ faces: RealFaces) -> JSONValue {
    [
      "id": .int(Int(id)), "population": .string(population.rawValue),
      "identity": identityDocument, "path": .string(shownName),
      "width": JSONValue(facts.width) { .int($0) }, "height": JSONValue(facts.height) { .int($0) },
      "quarantined": .bool(isQuarantined), "isReal": .bool(faces.mayShow(self)),
    ]
  }

  private var identityDocument: JSONValue {
    JSONValue(identity) { ["id": .int(Int($0)), "name": .string(identityName ?? "")] }
  }

  /// Relative to its source; an imported vector's own name may be an absolute path of elsewhere.
  private var shownName: String {
    guard path.hasPrefix("/") else { return path }
    return "…/" + (path.split(separator: "/").last.map(String.init) ?? "")
  }
}

extension DecisionRecord {
  func document(isUndone: Bool) -> JSONValue {
    [
      "sequence": .int(Int(sequence)), "batch": .int(Int(batch)),
      "image": .int(Int(decision.image)), "other": JSONValue(decision.other) { .int(Int($0)) },
      "action": .string(decision.action.rawValue), "author": .string(decision.author),
      "rule": .string(decision.rule), "reason": .string(decision.reason),
      "decidedAt": .string(decidedAt), "undoes": JSONValue(undoes) { .int(Int($0)) },
      "isUndone": .bool(isUndone),
    ]
  }
}

extension ReviewQueue.Item {
  func document(levels: FalseMatchLevels?, _ faces: RealFaces) -> JSONValue {
    var answered: JSONValue = .null
    if let action = answer?.decision.action, action != .open { answered = .string(action.rawValue) }
    return [
      "pair": .string(key), "kind": .string(pair.kind.rawValue), "kept": kept.document(faces),
      "removed": removed.document(faces), "identitySimilarity": Self.value(pair.identitySimilarity),
      "imageSimilarity": Self.value(pair.imageSimilarity), "mirrored": .bool(pair.isMirrored),
      "tier": .string(pair.tier),
      "falseMatchRate": FalseMatchLevels.document(levels, pair.identitySimilarity),
      "threshold": JSONValue(threshold) { point in
        [
          "similarity": .double(point.similarityAtLeast),
          "falseMatchRate": JSONValue(point.falseMatchRate) { .double($0) },
        ]
      },
      "answer": answered,
    ]
  }

  private static func value(_ similarity: CosineSimilarity?) -> JSONValue {
    JSONValue(similarity) { JSONValue($0.value) }
  }
}

extension FalseMatchLevels {
  /// The rate at a cosine; null where the space is not calibrated or there is no cosine.
  static func document(_ levels: FalseMatchLevels?, _ similarity: CosineSimilarity?) -> JSONValue {
    guard let levels, let similarity else { return .null }
    let level = levels.level(of: similarity)
    return ["rate": .double(level.rate), "isUpperBound": .bool(level.isBound)]
  }
}

extension IdentitySummary {
  func document(quota: QuotaRecord?) -> JSONValue {
    [
      "id": .int(Int(id)), "name": .string(name), "population": .string(population.rawValue),
      "images": .int(images), "quarantined": .int(quarantined),
      "accepted": .int(quota?.accepted ?? 0),
      "shortfall": JSONValue(quota?.shortfall) { .int($0) },
    ]
  }
}

extension QuotaRecord {
  var document: JSONValue {
    [
      "wanted": .int(wanted), "had": .int(had), "accepted": .int(accepted),
      "attempts": .int(attempts), "shortfall": .int(shortfall), "reason": .string(reason),
    ]
  }
}
