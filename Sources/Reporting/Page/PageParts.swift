import Domain

/// Small pieces that several sections use.
enum PageParts {
  /// A population's name behind its marker.
  static func population(_ population: Population) -> Markup {
    """
    <span class="pop \(population.rawValue)">\(shape(population))\
    <span>\(population.rawValue)</span>\
    </span>
    """
  }

  /// A population's marker alone, in the colour of the text around it.
  static func shape(_ population: Population) -> Markup {
    let marker = Marker(population).svg(x: 6, y: 6, radius: 4.4, style: "")
    return """
      <svg viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">\(marker)</svg>
      """
  }

  /// A picture, or an empty frame where there is none that can be shown.
  static func picture(_ tile: PictureTile?) -> Markup {
    guard let tile, let address = DataURI.image(tile.image) else {
      return "<span class=\"tile none\" aria-hidden=\"true\"></span>"
    }
    let style = tile.hidden ? "tile hidden" : "tile"
    let alt = tile.alt + (remark(tile).map { ", \($0)" } ?? "")
    return """
      <img class="\(style)" loading="lazy" decoding="async" width="52" height="52" alt="\(alt)" \
      src="\(Markup(verbatim: address))">
      """
  }

  /// What must be said about a picture: that it is hidden, or that it shows a real person.
  static func remark(_ tile: PictureTile) -> String? {
    if tile.hidden { return tile.isReal ? "hidden (real person)" : "hidden" }
    return tile.isReal ? "real person" : nil
  }

  /// An image with its picture, identity, path and population: a table cell's content.
  static func image(_ image: ImageReference) -> Markup {
    let remark: Markup =
      image.tile.flatMap(remark).map { "<span class=\"hide\">\($0)</span>" } ?? .empty
    let identity: Markup = image.identity.map { "<strong>\(name: $0)</strong>" } ?? .empty
    return """
      <div class="who">\(picture(image.tile))<div>\(identity)\(population(image.population))\
      <span class="path">\(name: image.path)</span>\(remark)</div></div>
      """
  }

  static func decision(_ decision: Decision) -> Markup {
    let style =
      decision == .quarantined
      ? "chip solid" : "chip \(decision == .restored ? "restored" : "proposed")"
    return "<span class=\"\(style)\">\(decision.rawValue)</span>"
  }

  /// A digest cut to its first digits, whole in its tooltip.
  static func digest(_ digest: String) -> Markup {
    "<span class=\"digest\" title=\"\(digest)\">\(SVGText.clipped(digest, to: 13))</span>"
  }

  static func empty(_ sentence: String) -> Markup { "<p class=\"empty\">\(sentence)</p>" }

  /// One term with its value and, under it, what it means.
  static func fact(_ term: String, _ value: String, why: String = "") -> Markup {
    let note: Markup = why.isEmpty ? .empty : "<dd class=\"why\">\(why)</dd>"
    return "<div><dt>\(term)</dt><dd>\(value)</dd>\(note)</div>"
  }

  /// A section with its anchor, heading and opening sentence.
  static func section(_ anchor: String, _ heading: String, _ lede: String, _ body: [Markup])
    -> Markup
  {
    let opening: Markup = lede.isEmpty ? .empty : "<p class=\"lede\">\(lede)</p>"
    return """
      <section id="\(anchor)" aria-labelledby="\(anchor)-heading">
      <h2 id="\(anchor)-heading">\(heading)</h2>
      \(opening)
      \(Markup.joined(body))
      </section>
      """
  }
}
