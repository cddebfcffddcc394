/// What one identity has and lacks.
public struct QuotaLine: Equatable, Sendable {
  public var identity: Int
  public var had: Int
  /// Wanted minus had, never negative.
  public var missing: Int
  /// How many of the missing images the budget pays for.
  public var planned: Int
}

/// Plans which identities get new images.
public enum Quota {
  /// One line per identity, by rising identity, including those that lack nothing.
  ///
  /// A budget smaller than what is missing goes to the identities that lack least first (ties to the
  /// lower identity), so that it completes as many identities as it can.
  /// - Parameters:
  ///   - counts: images in force per identity.
  ///   - wanted: images per identity; below 0 counts as 0.
  ///   - budget: new images at most; nil for no limit.
  public static func plan(counts: [Int: Int], wanted: Int, budget: Int? = nil) -> [QuotaLine] {
    var lines = counts.keys.sorted().map { identity in
      let had = counts[identity, default: 0]
      return QuotaLine(identity: identity, had: had, missing: max(0, wanted - had), planned: 0)
    }
    var left = budget ?? Int.max
    let order = lines.indices.sorted { (lines[$0].missing, $0) < (lines[$1].missing, $1) }
    for index in order {
      lines[index].planned = min(lines[index].missing, max(0, left))
      left -= lines[index].planned
    }
    return lines
  }
}
