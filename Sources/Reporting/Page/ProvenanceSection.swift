/// What it takes to repeat the report.
enum ProvenanceSection {
  static func markup(_ provenance: Provenance) -> Markup {
    let parameters =
      [
        PageParts.fact("tool", provenance.toolVersion),
        PageParts.fact("seed", String(provenance.seed)),
      ]
      + provenance.parameters.map { PageParts.fact($0.name, $0.value) }
    let digests = provenance.digests.map { digest -> Markup in
      "<div><dt>\(digest.name)</dt><dd class=\"digest\">\(digest.value)</dd></div>"
    }
    return PageParts.section(
      "provenance", "Provenance",
      "The same inputs, parameters, seed and version give this page again.",
      [
        """
        <div class="origin"><dl class="facts">\(Markup.joined(parameters))</dl>\
        \(digests.isEmpty ? .empty : "<dl class=\"facts long\">\(Markup.joined(digests))</dl>")</div>
        """
      ])
  }
}
