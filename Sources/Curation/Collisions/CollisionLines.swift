import Diagnostics

/// The result of a search for collisions as lines for people.
struct CollisionLines {
  let summary: JSONValue

  var all: [String] {
    var lines = [
      """
      \(count("images")) images of \(count("identities")) identities, \
      \(count("withoutIdentity")) more without identity
      """
    ]
    lines += [line("images", "image pairs"), line("prototypes", "prototype pairs")]
      .compactMap { $0 }
    if summary["budget"]?["prototypes"]?.isNull ?? true {
      lines.append("prototypes: not compared")
    }
    if summary["measuredOnItself"]?.boolValue == true {
      lines.append(
        "the threshold was measured on this set itself, so the number expected is no yardstick: "
          + "calibrate on other people")
    }
    lines.append(
      """
      \(count("collisions")) pairs of identities collide, \(count("identitiesInvolved")) identities \
      in all
      """)
    let target =
      summary["staysWithinChance"]?.boolValue == true
      ? "the number is within chance" : "none collide"
    lines.append(
      """
      to put aside until \(target): \(count("removals")) identities with \
      \(count("imagesRemoved")) images
      """)
    return lines
  }

  private func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }

  private func line(_ key: String, _ what: String) -> String? {
    guard let part = summary["budget"]?[key], let found = part["found"]?.intValue else {
      return nil
    }
    func whole(_ key: String) -> String { HumanNumbers.count(part[key]?.intValue ?? 0) }
    let chance =
      part["expected"]?.doubleValue.map { expected in
        """
         where \(HumanNumbers.decimal(expected, 1)) are expected by chance \
        (95 %: \(whole("low")) to \(whole("high")))
        """
      } ?? ""
    return """
      found \(HumanNumbers.count(found)) \(what)\(chance) among \(whole("comparisons")), \
      \(part["thresholdText"]?.stringValue ?? "")
      """
  }
}
