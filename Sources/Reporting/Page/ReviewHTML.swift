import Domain

/// A page on which a person judges pairs: same, different or unsure.
public enum ReviewHTML {
  /// One HTML file without any outside reference. The keys 1, 2 and 3 answer, z takes the last answer
  /// back, and the answers are downloaded as CSV with the columns `pair`, `answer`, `removed` and
  /// `kept`. Readers without scripts see the pairs. The same report gives the same bytes.
  public static func render(_ report: ReviewReport) -> String {
    let pairs = report.pairs.enumerated().map { pair($1, number: $0 + 1) }
    let queue: Markup =
      pairs.isEmpty
      ? PageParts.empty("No pair waits for an answer.")
      : "<ol class=\"queue\">\n\(Markup.joined(pairs))\n</ol>"
    let body: Markup = """
      <div class="page">
      <header class="top"><p class="kicker">d2r-curate review</p>
      <h1>\(name: report.workspace)</h1>
      <p class="lede">\(Numeral.counted(report.pairs.count, "pair", "pairs")) to judge. Keys: \
      <kbd>1</kbd> same, <kbd>2</kbd> different, <kbd>3</kbd> unsure, <kbd>z</kbd> takes the last \
      answer back, arrows move. Download the answers and read them in with \
      <code>d2r-curate review import answers.csv</code>. Nothing leaves this page by itself.</p>
      </header>
      <div class="review-bar" hidden><span class="num" id="progress" aria-live="polite"></span>\
      <button type="button" class="plain" id="undo">undo (z)</button>\
      <a class="plain" id="download" download="answers.csv" href="#">download answers.csv</a></div>
      <main>
      \(queue)
      <details><summary>The answers as text</summary>\
      <textarea id="answers" readonly rows="8" aria-label="Answers as CSV"></textarea></details>
      </main>
      </div>
      """
    return PageShell.document(
      title: "\(report.workspace): review", style: "review", body: body,
      scripts: [PackageResources.review_js], styles: [PackageResources.review_css])
  }

  private static func pair(_ pair: ReviewPair, number: Int) -> Markup {
    let buttons: [Markup] = [("same", 1), ("different", 2), ("unsure", 3)].map { word, key in
      """
      <button type="button" class="plain" data-answer="\(word)" aria-pressed="false">\
      <kbd>\(key)</kbd> \(word)</button>
      """
    }
    return """
      <li class="match" data-pair="\(pair.key)" data-removed="\(side(pair.removed))" \
      data-kept="\(side(pair.kept))">
      <div class="sides">\(figure(pair.removed, "proposed for removal"))\
      \(figure(pair.kept, "stays"))</div>
      <div><p class="question"><span class="num">\(number)</span> <strong>\(pair.question)</strong>\
      \(pair.isUnsure ? " <span class=\"chip\">unsure before</span>" : Markup.empty)</p>
      <dl class="facts">\(facts(pair))</dl>
      <p class="choice">\(Markup.joined(buttons, by: ""))</p></div>
      </li>
      """
  }

  private static func side(_ image: ImageReference) -> String {
    "\(image.population.rawValue)/\(image.path)"
  }

  private static func figure(_ image: ImageReference, _ role: String) -> Markup {
    let remark: Markup =
      image.tile.flatMap(PageParts.remark).map { "<span class=\"hide\">\($0)</span>" } ?? .empty
    let identity: Markup = image.identity.map { "<strong>\(name: $0)</strong> " } ?? .empty
    return """
      <figure>\(PageParts.picture(image.tile))<figcaption><span class="hide">\(role)</span><br>\
      \(identity)\(PageParts.population(image.population))<span class="path">\(name: image.path)\
      </span>\(remark)</figcaption></figure>
      """
  }

  private static func facts(_ pair: ReviewPair) -> Markup {
    var facts = [PageParts.fact("tier", pair.tier + (pair.mirrored ? ", mirrored" : ""))]
    facts += pair.similarities.map {
      PageParts.fact("\($0.space) similarity", Numeral.fixed(Double($0.similarity.value), 4))
    }
    if !pair.threshold.isEmpty { facts.append(PageParts.fact("decided at", pair.threshold)) }
    return Markup.joined(facts, by: "")
  }
}
