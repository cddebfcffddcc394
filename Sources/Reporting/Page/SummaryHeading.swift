/// The top of the summary: whose it is, the verdict, the numbers to see first.
enum SummaryHeading {
  static func markup(_ report: SummaryReport) -> Markup {
    let numbers = report.keyNumbers.map { number -> Markup in
      let note: Markup = number.note.isEmpty ? .empty : "<dd class=\"note\">\(number.note)</dd>"
      return """
        <div><dt>\(number.label)</dt><dd class="figure">\(number.value)</dd>\(note)</div>
        """
    }
    return """
      <header class="top">
      <p class="kicker">d2r-curate summary</p>
      <h1>\(name: report.workspace)</h1>
      \(verdict(report.findingCount))
      \(numbers.isEmpty ? .empty : "<dl class=\"keys\">\(Markup.joined(numbers))</dl>")
      </header>
      """
  }

  private static func verdict(_ count: Int) -> Markup {
    guard count > 0 else {
      return """
        <p class="verdict good"><svg viewBox="0 0 20 20" aria-hidden="true" fill="none" \
        stroke="currentColor" stroke-width="2.4" stroke-linecap="round"><path d="M4 11l4 4 8-10"/>\
        </svg><span><strong>Clean.</strong> No open findings.</span></p>
        """
    }
    return """
      <p class="verdict bad"><svg viewBox="0 0 20 20" aria-hidden="true" fill="none" \
      stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">\
      <path d="M10 2.5L18 17H2zM10 8v4M10 14.6v.1"/></svg>\
      <span><strong>\(Numeral.counted(count, "finding", "findings"))</strong> \
      \(count == 1 ? "needs" : "need") a decision. <a href="#audit">See the audit</a></span></p>
      """
  }
}
