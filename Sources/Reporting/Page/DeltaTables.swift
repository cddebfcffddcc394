import Domain

/// What moves along Δ, as tables of a page.
enum DeltaTables {
  /// Images named at either end.
  private static let ends = 12

  /// One sentence about the generated population; none where there is none.
  static func gap(_ section: DeltaSection) -> [Markup] {
    guard let gap = section.gap else { return [] }
    func share(_ value: Double) -> String { "\(Numeral.fixed(100 * value, 1)) %" }
    let sentence = """
      The generated population has closed \(share(gap.along)) of Δ (95 %: \(share(gap.alongLow)) to \
      \(share(gap.alongHigh))). It has also moved across Δ by \(share(gap.across)) of its length, and \
      \(share(gap.remaining)) are left to \(section.to.rawValue).
      """
    guard gap.overshoots else { return ["<p class=\"gap\">\(sentence)</p>"] }
    let warning = "It overshoots: less Δ (a smaller --strength) would come nearer."
    return ["<p class=\"gap\">\(sentence) <strong>\(warning)</strong></p>"]
  }

  static func spreads(_ section: DeltaSection) -> [Markup] {
    guard !section.spreads.isEmpty else { return [] }
    return [
      HTMLTable(
        caption: "Scatter along Δ: identities' means, and images around their identity's mean",
        columns: [
          .init(title: "population"), .init(title: "images", isNumber: true),
          .init(title: "identities", isNumber: true), .init(title: "mean", isNumber: true),
          .init(title: "between identities", isNumber: true),
          .init(title: "within", isNumber: true),
        ],
        rows: section.spreads.map { spread in
          [
            .markup(
              PageParts.population(spread.population), sortKey: spread.population.rawValue),
            .count(spread.images), .count(spread.identities), .number(spread.mean, decimals: 4),
            .number(spread.between, decimals: 4), .number(spread.within, decimals: 4),
          ]
        }
      ).markup
    ]
  }

  static func ends(_ section: DeltaSection) -> [Markup] {
    guard !section.images.isEmpty else { return [] }
    let most = section.images.suffix(ends).reversed()
    return [
      ranking("Furthest towards \(section.to.rawValue)", Array(most)),
      ranking("Furthest towards \(section.from.rawValue)", Array(section.images.prefix(ends))),
    ]
  }

  private static func ranking(
    _ caption: String, _ images: [DeltaSection.Projected]
  ) -> Markup {
    HTMLTable(
      caption: caption,
      columns: [.init(title: "image"), .init(title: "projection", isNumber: true)],
      rows: images.map { image in
        [
          .markup(PageParts.image(image.image), sortKey: image.image.path),
          .number(image.score, decimals: 4),
        ]
      }
    ).markup
  }

  static func tokens(_ section: DeltaSection) -> [Markup] {
    guard !section.tokenNorms.isEmpty else { return [] }
    return [
      HTMLTable(
        caption: "Length of Δ at each position of the prompt",
        columns: [
          .init(title: "position", isNumber: true), .init(title: "‖Δ‖", isNumber: true),
        ],
        rows: section.tokenNorms.enumerated().map { position, norm in
          [.count(position), .number(norm, decimals: 6)]
        }
      ).markup
    ]
  }
}

/// Δ as a page of its own.
public enum DeltaHTML {
  /// One HTML file without any outside reference.
  public static func render(_ section: DeltaSection, provenance: Provenance) -> String {
    let tables =
      DeltaTables.spreads(section) + DeltaTables.ends(section) + DeltaTables.tokens(section)
    return SectionPage.render(
      title: "\(section.space) space: Δ", kicker: "d2r-curate delta",
      sections: [
        DeltaMarkup.markup([section]),
        PageParts.section("along", "What moves along Δ", "", tables),
      ], provenance: provenance)
  }
}
