import Domain

/// Δ with its evidence.
enum DeltaMarkup {
  static func markup(_ sections: [DeltaSection]) -> Markup {
    let body =
      sections.isEmpty ? [PageParts.empty("Δ has not been estimated yet.")] : sections.map(one)
    return PageParts.section("delta", "Δ, the offset between populations", "", body)
  }

  private static func one(_ section: DeltaSection) -> Markup {
    let notes = section.notes.map { "<p class=\"muted\">\($0)</p>" as Markup }
    let figure: Markup =
      section.projections.map {
        "<figure>\(SVGHistogram.drawing($0, standsAlone: false))</figure>"
      } ?? .empty
    return """
      <h3>From \(section.from.rawValue) to \(section.to.rawValue), \(name: section.space) space</h3>
      <div class="pair"><div>
      <dl class="facts">\(Markup.joined(facts(section)))</dl>
      \(Markup.joined(notes))
      </div>\(figure)</div>\(Markup.joined(DeltaTables.gap(section)))
      """
  }

  private static func facts(_ section: DeltaSection) -> [Markup] {
    let sides =
      "\(Numeral.grouped(section.fromCount)) \(section.from.rawValue), "
      + "\(Numeral.grouped(section.toCount)) \(section.to.rawValue)"
    var weights = ""
    if let from = section.fromIdentities, let to = section.toIdentities {
      weights =
        "every identity weighs the same: \(Numeral.grouped(from)) and "
        + Numeral.grouped(to)
    }
    var result = [PageParts.fact("images", sides, why: weights)]
    var interval = ""
    if let low = section.normLow, let high = section.normHigh {
      interval =
        "95 % of the true length: \(Numeral.fixed(low, 3)) to \(Numeral.fixed(high, 3))"
    }
    result.append(PageParts.fact("length ‖Δ‖", Numeral.fixed(section.norm, 3), why: interval))
    if let cosine = section.splitHalfCosine {
      result.append(
        PageParts.fact(
          "split-half cosine", Numeral.fixed(cosine, 3),
          why: "agreement of Δ from two halves of the images; 1 is a stable direction"))
    }
    if let degrees = section.directionDegrees {
      result.append(
        PageParts.fact(
          "direction", degrees < 90 ? "within \(Numeral.fixed(degrees, 1))°" : "unknown",
          why: "angle to the true direction, with 95 % confidence"))
    }
    if let p = section.permutationP {
      let count = section.permutations.map { "\(Numeral.grouped($0)) permutations; " } ?? ""
      result.append(
        PageParts.fact(
          "permutation p", permutation(p, section.permutations),
          why: count + "how often shuffled populations differ as much"))
    }
    if let area = section.separability {
      result.append(
        PageParts.fact(
          "separability (AUC along Δ)", Numeral.fixed(area, 3),
          why: "0.5: the populations cannot be told apart along Δ; 1: always"))
    }
    if let area = section.whitenedSeparability {
      result.append(
        PageParts.fact(
          "whitened (AUC)", Numeral.fixed(area, 3),
          why: "along Δ whitened by the scatter within: what a linear rule can tell at all"))
    }
    return result
  }

  /// p as text, never smaller than the permutations can resolve: with n of them, 1 / (n + 1).
  private static func permutation(_ p: Double, _ count: Int?) -> String {
    let floor = count.map { 1 / (Double($0) + 1) } ?? 0
    return p <= floor * 1.0001 ? "≤ \(Numeral.rate(floor))" : Numeral.rate(p)
  }
}
