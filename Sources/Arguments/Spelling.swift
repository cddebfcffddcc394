/// Finds what was probably meant.
enum Spelling {
  /// The candidate nearest to `word`, if it is near enough to be a slip: at most one edit for every
  /// three letters (at least one, but none in a single letter), or a beginning of the candidate of three letters or more.
  /// Ties go to the candidate listed first.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = bare(word)
    var best: (candidate: String, edits: Int)?
    for candidate in candidates {
      let edits = distance(typed, bare(candidate))
      if edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    let allowed = typed.count < 2 ? 0 : max(1, typed.count / 3)
    if let best, best.edits <= allowed { return best.candidate }
    return typed.count >= 3 ? candidates.first { bare($0).starts(with: typed) } : nil
  }

  private static func bare(_ word: String) -> [Character] {
    Array(word.lowercased().drop { $0 == "-" })
  }

  /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of
  /// neighbours cost one each.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var current = [i + 1]
      for j in 0..<b.count {
        let substitution = previous[j] + (a[i] == b[j] ? 0 : 1)
        var cost = min(substitution, previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        current.append(cost)
      }
      older = previous
      previous = current
    }
    return previous[b.count]
  }
}
