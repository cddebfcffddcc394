import Curation
import Diagnostics
import Reporting

/// Lays out a certificate's values for people.
struct CertificatePage {
  let document: JSONValue
  let fingerprint: String

  /// The page with an empty place for the signed document.
  var sheet: CertificateSheet {
    CertificateSheet(
      page: CertificateHTML.render(report, place: CertificateSheet.marker + "</script>"))
  }

  private var report: CertificateReport {
    var report = CertificateReport(
      title: "Leak certificate", mark: .init(rawValue: text("verdict")) ?? .findings,
      verdict: text("sentence"), exposure: text("exposure", "sentence"),
      sections: [set, gallery, measure, outcome, identity])
    report.limits = (document["limits"]?.arrayValue ?? []).compactMap(\.stringValue)
    report.footer =
      "The signed document is inside this file. Check both with: d2r-curate verify FILE "
      + "--public-key KEY. Recompute it in its workspace with --replay N."
    return report
  }

  private var set: CertificateReport.Section {
    let populations = (document["set"]?["populations"]?.arrayValue ?? []).compactMap(\.stringValue)
    return .init(
      "Set under test",
      [
        .init(
          "images tested", "\(count("set", "tested")) (\(populations.joined(separator: ", ")))"),
        .init("left in the set", count("set", "remaining")),
        .init(
          "not tested",
          "\(count("set", "untested")) images without a vector; \(count("set", "rejectedFiles")) "
            + "files were rejected and are not in the set"),
        .init("digest, tested", text("set", "digest"), isCode: true),
        .init("digest, left", text("set", "remainingDigest"), isCode: true),
      ])
  }

  private var gallery: CertificateReport.Section {
    let isSealed = document["gallery"]?["templatesOnly"]?.boolValue == true
    return .init(
      "Gallery",
      [
        .init(
          "templates",
          "\(count("gallery", "templates")) of \(count("gallery", "identities")) identities "
            + "(\(text("gallery", "population"))\(isSealed ? ", templates only, sealed" : "")); "
            + "\(count("gallery", "rejectedFiles")) files gave none"),
        .init("digest", text("gallery", "digest"), isCode: true),
      ])
  }

  private var measure: CertificateReport.Section {
    let threshold = document["threshold"] ?? .null
    let cosine = number(threshold["similarityAtLeast"], 4)
    let calibration = threshold["calibration"] ?? .null
    var facts: [CertificateReport.Fact] = [
      .init(
        "encoder",
        "\(text("encoder", "digest")) (\(text("encoder", "space")), "
          + "\(count("encoder", "width")) values)", isCode: true),
      .init(
        "search", text("search", "engine") + (isExact ? ", exact" : ", approximate")),
    ]
    let interval =
      calibration["rateHigh"]?.doubleValue.map { high in
        let low = calibration["rateLow"]?.doubleValue ?? 0
        return " (95 %: \(low == 0 ? "0" : HumanNumbers.smallShare(low)) to "
          + "\(HumanNumbers.smallShare(high)))"
      } ?? ""
    let rate =
      threshold["falseMatchRate"]?.doubleValue
      .map { "false-match rate \(HumanNumbers.smallShare($0))\(interval)" } ?? "no measured rate"
    facts.append(.init("threshold", "cosine of at least \(cosine); \(rate)"))
    let origin = threshold["origin"]?.stringValue ?? ""
    if let comparisons = calibration["comparisons"]?.intValue {
      facts.append(
        .init(
          "measured on",
          "\(HumanNumbers.count(comparisons)) comparisons of \(calibration["cohort"]?.stringValue ?? "")"
            + " images; 95 % interval of the cosine \(number(calibration["low"], 4)) to "
            + number(calibration["high"], 4)))
    } else {
      facts.append(.init("threshold is", origin))
    }
    return .init("How it was compared", facts)
  }

  private var outcome: CertificateReport.Section {
    let expected =
      document["expectedFalsePairs"]?.doubleValue
      .map { "; chance alone gives at most \(HumanNumbers.decimal($0, 1)) pairs" } ?? ""
    return .init(
      "What was found",
      [
        .init("comparisons", count("comparisons") + expected),
        .init(
          "found",
          "\(count("decisions", "images")) images in \(count("decisions", "pairs")) pairs; "
            + "\(count("toReview")) more below the threshold were listed for a person to look at"),
        .init(
          "decided",
          "\(count("decisions", "quarantinedByRule")) quarantined by rule, "
            + "\(count("decisions", "quarantinedByPerson")) by a person; "
            + "\(count("decisions", "keptByPerson")) kept by a person; "
            + "\(count("decisions", "undecided")) undecided"),
        .init("missed at most", missed),
        .init(
          "ledger", "\(text("ledger", "head")) (\(count("ledger", "decisions")) lines)",
          isCode: true),
      ])
  }

  /// How the bound came about, in figures.
  private var missed: String {
    let exposure = document["exposure"] ?? .null
    guard let rate = exposure["missRate"]?["atMost"]?.doubleValue,
      let pairs = exposure["missRate"]?["pairs"]?.intValue,
      let below = exposure["missRate"]?["missed"]?.intValue
    else { return "cannot be bounded: no genuine pairs" }
    let most = exposure["atMost"]?.intValue.map(HumanNumbers.count) ?? "–"
    let recall =
      isExact
      ? ""
      : "; recall at least \(HumanNumbers.percent(exposure["recall"]?["atLeast"]?.doubleValue ?? 0))"
    let further =
      exposure["rateOfFurtherAtMost"]?.doubleValue
      .map {
        "; of further images made the same way at most \(HumanNumbers.percent($0)) leak findably"
      }
      ?? ""
    return "\(most), untested images included: \(HumanNumbers.count(below)) of "
      + "\(HumanNumbers.count(pairs)) genuine pairs of "
      + "\(exposure["missRate"]?["cohort"]?.stringValue ?? "") images lie below the threshold, so at "
      + "most \(HumanNumbers.percent(rate)) are missed\(recall)\(further)"
  }

  private var identity: CertificateReport.Section {
    .init(
      "Issued",
      [
        .init("at, with", "\(text("issuedAt")), d2r-curate \(text("tool", "version"))"),
        .init("search of", text("step"), isCode: true),
        .init("signed by", fingerprint, isCode: true),
      ])
  }

  private var isExact: Bool { document["search"]?["exact"]?.boolValue == true }

  private func value(_ path: [String]) -> JSONValue {
    path.reduce(document) { $0[$1] ?? .null }
  }

  private func text(_ path: String...) -> String { value(path).stringValue ?? "" }

  private func count(_ path: String...) -> String {
    value(path).intValue.map(HumanNumbers.count) ?? "–"
  }

  private func number(_ value: JSONValue?, _ digits: Int) -> String {
    value?.doubleValue.map { HumanNumbers.decimal($0, digits) } ?? "–"
  }
}
