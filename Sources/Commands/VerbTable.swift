import Arguments

/// Every verb there is, in the order help lists them.
enum VerbTable {
  static let verbs: [any Verb.Type] = [
    InitVerb.self, DemoVerb.self, IndexVerb.self, EmbeddingsImportVerb.self,
    EmbeddingsExportVerb.self,
    CalibrateVerb.self, DeltaVerb.self, DeltaExportVerb.self, DeltaImportVerb.self,
    DeltaDriftVerb.self, DedupVerb.self, LeaksVerb.self,
    CollisionsVerb.self, IdentitiesListVerb.self, IdentitiesNewVerb.self,
    IdentitiesWithdrawVerb.self, IdentitiesCapacityVerb.self, FillVerb.self, GenerateVerb.self,
    AuditVerb.self, RunVerb.self,
    ReportSummaryVerb.self, ReportTSNEVerb.self, ReportDeltaVerb.self, ReportDuplicatesVerb.self,
    ReportLeaksVerb.self, ReportQuotaVerb.self, ReportAuditVerb.self, ReportCalibrationVerb.self,
    CertifyVerb.self, GallerySealVerb.self, GalleryListVerb.self, GalleryLogVerb.self,
    GalleryExportVerb.self, GalleryImportVerb.self, GalleryPurgeVerb.self,
    SearchVerb.self, PairsVerb.self, NearestVerb.self, StatusVerb.self, ReviewVerb.self,
    ReviewExportVerb.self, ReviewImportVerb.self, UndoVerb.self, QuarantineListVerb.self,
    QuarantineRestoreVerb.self, QuarantinePurgeVerb.self, ProtectVerb.self, UnprotectVerb.self,
    BlameVerb.self, DiffVerb.self, ExportListsVerb.self, VerifyVerb.self,
    ServeVerb.self, ServeDeskVerb.self, TokenCreateVerb.self, TokenListVerb.self,
    TokenRevokeVerb.self, KeysCreateVerb.self, KeysShowVerb.self,
    ModelsListVerb.self, ModelsAddVerb.self, ModelsVerifyVerb.self, DoctorVerb.self,
    JobsSubmitVerb.self, JobsListVerb.self, JobsShowVerb.self, JobsCancelVerb.self,
    JobsRetryVerb.self, JobsWorkVerb.self, ScheduleAddVerb.self, ScheduleListVerb.self,
    SchedulePauseVerb.self, ScheduleResumeVerb.self, ScheduleRemoveVerb.self,
    ScheduleRunNowVerb.self, ScheduleHistoryVerb.self, SchedulePreviewVerb.self,
    AlertsAddVerb.self, AlertsListVerb.self, AlertsTestVerb.self, AlertsRemoveVerb.self,
    WatchAddVerb.self, WatchListVerb.self, WatchRemoveVerb.self,
    CompletionsVerb.self,
  ]

  static let table = CommandTable(
    program: "d2r-curate",
    summary: "turns rendered and real face pictures into a clean, balanced, audited dataset",
    commands: verbs.map { $0.spec }, globals: GlobalOptions.specs,
    footer: """
      Exit codes: 0 clean, 1 finished with findings, 2 could not finish, 64 wrong usage.
      Results go to standard output, progress and remarks to standard error.
      """)

  static func verb(named name: String) -> (any Verb.Type)? {
    verbs.first { $0.spec.name == name }
  }
}
