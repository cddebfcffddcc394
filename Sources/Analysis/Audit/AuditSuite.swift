/// A named list of rules.
public struct AuditSuite: Sendable {
  public let name: String
  public let rules: [any AuditRule]

  /// What a dataset must stand before it leaves the house.
  public static let release = AuditSuite(
    name: "release",
    rules: [
      PopulationsArePresent(), FewFilesRejected(), OneEncoderPerSpace(), EveryImageIsEmbedded(),
      PicturesAreSharp(), CalibrationIsPresent(), DeltaIsStable(), IdentitiesAreConsistent(),
      IdentitiesAreDistinct(), NoUnresolvedDuplicates(), NoUnresolvedLeaks(), QuotaIsMet(),
      IdentitiesAreBalanced(), GeneratedPicturesPassedTheGate(),
    ])

  /// What can be asked right after indexing.
  public static let index = AuditSuite(
    name: "index",
    rules: [
      PopulationsArePresent(), FewFilesRejected(), OneEncoderPerSpace(), EveryImageIsEmbedded(),
      PicturesAreSharp(), IdentitiesAreConsistent(),
    ])

  public static let all = [release, index]

  /// - Throws: `AnalysisError.unknownSuite` with the names there are.
  public static func named(_ name: String) throws -> AuditSuite {
    guard let suite = all.first(where: { $0.name == name }) else {
      throw AnalysisError(
        code: .unknownSuite, message: "there is no audit suite named \(name)",
        hint: "the suites are " + all.map(\.name).joined(separator: ", "))
    }
    return suite
  }

  /// What every rule says, in the suite's order.
  public func answers(in dataset: DatasetSummary) -> [AuditAnswer] {
    rules.map { rule in
      AuditAnswer(rule: rule.name, question: rule.question, findings: rule.findings(in: dataset))
    }
  }

  /// All findings, in the suite's order.
  public func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    answers(in: dataset).flatMap(\.findings)
  }
}

/// One rule's part in an audit.
public struct AuditAnswer: Equatable, Codable, Sendable {
  public var rule: String
  public var question: String
  public var findings: [AuditFinding]

  /// The worst finding; nil when there is none.
  public var worst: AuditSeverity? { findings.map(\.severity).max() }
  /// True without warnings and failures.
  public var passed: Bool { worst ?? .note == .note }
}
