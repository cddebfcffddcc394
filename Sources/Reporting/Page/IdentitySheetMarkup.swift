/// One identity's contact sheet: its prototype, its neighbours, what was accepted and rejected.
enum IdentitySheetMarkup {
  static func markup(_ sheet: IdentitySheet) -> Markup {
    let quota = sheet.quota
    let state =
      "\(Numeral.grouped(quota.had)) + \(Numeral.grouped(quota.accepted)) of "
      + Numeral.grouped(quota.wanted)
      + (quota.shortfall > 0 ? ", \(Numeral.grouped(quota.shortfall)) missing" : "")
    let explanation: Markup =
      sheet.explanation.isEmpty ? .empty : "<p class=\"why\">\(sheet.explanation)</p>"
    return """
      <article class="person">
      <h3>\(name: quota.identity) <span class="state">\(state)</span></h3>
      \(explanation)
      <div class="strips">
      \(strip("nearest its prototype", sheet.prototype, style: "one"))
      \(strip("nearest other identities", sheet.neighbours, style: "few"))
      \(strip("accepted", sheet.accepted, more: sheet.moreAccepted, style: "many"))
      \(strip("rejected", sheet.rejected, more: sheet.moreRejected, style: "many"))
      </div>
      </article>
      """
  }

  private static func strip(
    _ title: String, _ frames: [IdentitySheet.Frame], more: Int = 0, style: String
  ) -> Markup {
    let rest: Markup =
      more > 0 ? "<p class=\"muted small\">and \(Numeral.grouped(more)) more</p>" : .empty
    let body: Markup =
      frames.isEmpty && more == 0
      ? "<p class=\"muted small\">none</p>"
      : "<ul class=\"sheet\">\(Markup.joined(frames.map(frame)))</ul>"
    return """
      <section class="strip \(style)"><h4>\(title)</h4>
      \(body)\(rest)</section>
      """
  }

  private static func frame(_ frame: IdentitySheet.Frame) -> Markup {
    let picture: Markup =
      frame.tile == nil
      ? "<span class=\"tile none said\">\(frame.instead)</span>" : PageParts.picture(frame.tile)
    return """
      <li><figure>\(picture)<figcaption>\(frame.caption)</figcaption></figure></li>
      """
  }
}
