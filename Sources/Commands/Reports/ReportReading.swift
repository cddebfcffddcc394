import Cataloging
import Curation
import Diagnostics
import Domain
import Reporting

/// Reads a workspace into the values that reports are made of.
struct ReportReading {
  /// Generated pictures on the contact sheet.
  static let contactSheet = 60
  /// Table rows that get small pictures.
  static let picturedRows = 60

  let context: StepContext
  let options: ReportOptions
  let images: [ImageRecord]
  let sources: [SourceRecord]
  /// What the ledger says of images and pairs.
  let standing: LedgerStanding
  let thumbnails: ThumbnailMaker
  /// Encoder names by the space's name, as far as settings tell.
  let encoderNames: [String: String]

  init(
    _ context: StepContext, options: ReportOptions, encoderNames: [String: String]
  ) async throws {
    self.context = context
    self.options = options
    self.encoderNames = encoderNames
    let sources = try await context.catalog.sources()
    let sampled = Set(
      sources.filter { $0.layout == SampledIdentities.layout }.map(\.id))
    images = try await context.catalog.images(ImageFilter(includesQuarantined: true))
      .filter { !sampled.contains($0.source) }
    self.sources = sources
    standing = try await context.catalog.standing()
    thumbnails = ThumbnailMaker(
      roots: Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0.root) }),
      showsReal: options.showsReal)
  }

  /// Everything the summary page shows.
  func summary() async throws -> SummaryReport {
    let findings = try await findings()
    let serious = findings.count { $0.severity != .note }
    var report = SummaryReport(
      workspace: context.workspace.settings.name, findingCount: serious,
      provenance: try await provenance())
    report.populations = try await populations()
    report.rejected = try await rejected()
    report.spaces = try await spaces()
    report.duplicates = try await duplicates()
    report.leaks = try await leaks()
    report.leakSearch = try await leakSearch()
    report.collisions = try await collisions()
    report.quotas = try await quotas()
    report.generated = contactSheet()
    report.findings = findings
    report.deltas = try await deltas()
    report.similarities = try await similarities()
    report.calibrations = try await calibrations()
    report.map = try await map(progress: context.progress)?.report
    report.keyNumbers = keyNumbers(report)
    if let planted = options.planted {
      report.planted = try await PlantedKey(path: planted).compare(
        images: images, duplicates: pairs(of: DedupStep.name), leaks: pairs(of: LeaksStep.name),
        quotas: report.quotas)
    }
    return report
  }

  /// What the page of leaks shows.
  func leaksPage() async throws -> SummaryReport {
    var report = try await emptyPage()
    report.leaks = try await leaks()
    report.leakSearch = try await leakSearch()
    report.collisions = try await collisions()
    report.calibrations = try await calibrations()
    return report
  }

  /// What the page about duplicates shows.
  func duplicatesPage() async throws -> SummaryReport {
    var report = try await emptyPage()
    report.duplicates = try await duplicates()
    report.calibrations = try await calibrations()
    return report
  }

  private func emptyPage() async throws -> SummaryReport {
    SummaryReport(
      workspace: context.workspace.settings.name, findingCount: 0,
      provenance: try await provenance())
  }

  private func keyNumbers(_ report: SummaryReport) -> [KeyNumber] {
    let inForce = images.filter { !$0.isQuarantined && !$0.population.showsRealPeople }
    let generated = inForce.count { $0.population == .generated }
    let missing = report.quotas.reduce(0) { $0 + $1.shortfall }
    return [
      KeyNumber(
        label: "images in the set", value: HumanNumbers.count(inForce.count),
        note: "\(HumanNumbers.count(generated)) of them generated"),
      KeyNumber(
        label: "identities",
        value: HumanNumbers.count(Set(inForce.compactMap(\.identity)).count)),
      KeyNumber(
        label: "duplicates put aside",
        value: HumanNumbers.count(report.duplicates.count { $0.decision == .quarantined })),
      KeyNumber(
        label: "leaks put aside",
        value: HumanNumbers.count(report.leaks.count { $0.decision == .quarantined }),
        note: "\(report.leaks.count { $0.decision != .quarantined }) more to look at"),
      KeyNumber(
        label: "still missing", value: HumanNumbers.count(missing),
        note: "pictures of \(report.quotas.count { $0.shortfall > 0 }) identities"),
    ]
  }

  private func populations() async throws -> [PopulationRow] {
    let counts = try await context.catalog.counts()
    let pictures = Dictionary(grouping: images, by: \.population).mapValues(\.count)
    return counts.images.map { row in
      let rejected = counts.outcomes.filter {
        $0.population == row.population && $0.outcome == .rejected
      }
      let layouts = sources.filter { $0.population == row.population }.map(\.layout)
      return PopulationRow(
        population: row.population, images: pictures[row.population] ?? 0,
        identities: row.identities,
        rejected: rejected.reduce(0) { $0 + $1.files }, quarantined: row.quarantined,
        note: row.population == .generated ? "" : "layout " + layouts.joined(separator: ", "))
    }
  }

  private func rejected() async throws -> [Reporting.RejectedFile] {
    var files: [Reporting.RejectedFile] = []
    for source in sources {
      files += try await context.catalog.outcomes(source: source.id)
        .filter { $0.outcome == .rejected }
        .map {
          Reporting.RejectedFile(
            path: $0.path, population: source.population, reason: $0.reason)
        }
    }
    return files
  }

  private func spaces() async throws -> [SpaceRow] {
    try await context.catalog.counts().embeddings.map {
      SpaceRow(
        space: $0.space, encoder: encoderNames[$0.space.name] ?? "-", vectors: $0.embeddings)
    }
  }

  /// Accepted pictures, the same number of each identity as far as they go.
  private func contactSheet() -> [PictureTile] {
    let generated = images.filter { $0.population == .generated && !$0.isQuarantined }
    let byIdentity = Dictionary(grouping: generated, by: { $0.identity ?? 0 })
    var chosen: [ImageRecord] = []
    for round in 0..<Self.contactSheet where chosen.count < Self.contactSheet {
      for identity in byIdentity.keys.sorted() {
        guard let own = byIdentity[identity], round < own.count else { continue }
        chosen.append(own[round])
      }
    }
    return chosen.prefix(Self.contactSheet).compactMap(thumbnails.tile)
  }

  func findings() async throws -> [Reporting.AuditFinding] {
    guard let step = try await context.catalog.latestStep(named: AuditStep.name) else { return [] }
    return try await context.catalog.findings(step: step.key).map { finding in
      let severity: Reporting.AuditFinding.Severity =
        switch finding.severity {
        case .note: .note
        case .warning: .warning
        case .failure: .failure
        }
      return Reporting.AuditFinding(
        rule: finding.rule, severity: severity, subject: finding.subject, message: finding.message)
    }
  }

  func provenance() async throws -> Reporting.Provenance {
    let digests = [
      NamedValue(
        "catalog content", try await context.catalog.contentDigest(ignoringRoots: true))
    ]
    let encoders = try await context.catalog.spaces().map {
      NamedValue("encoder of \($0.name)", $0.encoderDigest)
    }
    let steps = try await context.catalog.steps().map { NamedValue($0.name, $0.parameters) }
    return Reporting.Provenance(
      toolVersion: context.toolVersion, seed: context.seed, digests: digests + encoders,
      parameters: steps)
  }
}
