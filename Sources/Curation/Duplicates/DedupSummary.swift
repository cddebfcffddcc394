import Analysis
import Cataloging
import Diagnostics
import Domain

/// What a search for duplicates came to: the document on record, and the lines made of it.
enum DedupSummary {
  static func document(
    _ pairs: [PairRecord], _ reading: DedupReading, _ search: DuplicateSearch
  ) -> JSONValue {
    let tiers = Dictionary(grouping: pairs, by: \.tier).mapValues { JSONValue.int($0.count) }
    let images = reading.images
    return [
      "images": .int(images.count), "removals": .int(pairs.count),
      "groups": .int(Set(pairs.map(\.kept)).count), "byTier": .object(tiers),
      "mirrored": .int(pairs.count(where: \.isMirrored)),
      "identity": JSONValue(reading.point) { $0.document },
      "threshold": JSONValue(reading.point) { .string($0.text) },
      "keep": .string(reading.options.keep.rawValue),
      "measure": .string(search.choice.measure.rawValue),
      "scope": .string(reading.options.scope.rawValue),
      "protected": .int(reading.protected.count),
      "unhashed": .int(
        images.count { $0.facts.digest != nil && $0.facts.pixelDigest == nil }),
      "unscored": .int(
        images.count { $0.facts.digest != nil && $0.facts.quality == nil }),
      "withoutPicture": .int(search.vectors?.withoutPicture ?? 0),
      "leftOut": search.vectors?.first.leftOutDocument ?? [],
      "space": .string(search.vectors?.first.space.name ?? ""),
    ]
  }

  static func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    func some(_ key: String) -> Bool { summary[key]?.intValue ?? 0 > 0 }
    let tiers = (summary["byTier"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.value.intValue ?? 0) \($0.key)" }.joined(separator: ", ")
    let key = summary["threshold"]?.stringValue ?? "none: no image has a vector"
    var lines = [
      "\(count("images")) images, first key \(key)",
      """
      \(count("removals")) duplicates in \(count("groups")) groups\
      \(tiers.isEmpty ? "" : " (\(tiers))"), \(count("mirrored")) of them mirrored
      """,
      keeping(summary),
    ]
    if some("unhashed") {
      lines.append(
        """
        \(count("unhashed")) pictures were indexed by an older version and have no hash: index \
        their folders again to compare them as pictures
        """)
    }
    if some("withoutPicture") {
      lines.append(
        "\(count("withoutPicture")) vectors came without pictures; compare them with --space")
    }
    return lines
      + EmbeddedImages.leftOutLines(summary, space: summary["space"]?.stringValue ?? "")
  }

  /// Which image stays, in a sentence.
  private static func keeping(_ summary: JSONValue) -> String {
    let rule = summary["keep"]?.stringValue ?? ""
    let isNetwork = summary["measure"]?.stringValue == KeeperChoice.Measure.network.rawValue
    let measure = isNetwork ? " (a network's scores)" : " (sharpness)"
    let sharing = summary["scope"]?.stringValue == DedupStep.Scope.identity.rawValue
    let scope = sharing ? ", within each identity" : ""
    let protected = summary["protected"]?.intValue ?? 0
    let stay =
      protected == 0 ? "" : "; \(HumanNumbers.count(protected)) protected images always stay"
    return "kept by \(rule)\(rule == KeeperRule.oldest.rawValue ? "" : measure)\(scope)\(stay)"
  }
}
