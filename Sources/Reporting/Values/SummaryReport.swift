/// Everything the summary page shows. Sections whose values are empty or nil say so in one line or,
/// where they are optional, do not appear.
public struct SummaryReport: Hashable, Codable, Sendable {
  /// The workspace's name, not its folder.
  public var workspace: String
  /// Open findings; 0 is a clean dataset.
  public var findingCount: Int
  public var keyNumbers: [KeyNumber]
  /// Planted against found; nil outside demonstrations.
  public var planted: [PlantedRow]?
  public var populations: [PopulationRow]
  public var rejected: [RejectedFile]
  public var spaces: [SpaceRow]
  public var map: MapReport?
  public var deltas: [DeltaSection]
  public var similarities: [Histogram]
  /// The calibrations in force; the section appears where there are any.
  public var calibrations: [CalibrationReport]
  public var duplicates: [DuplicateRow]
  public var leaks: [LeakRow]
  /// How leaks were searched; nil before a search.
  public var leakSearch: LeakSearch?
  /// Nil before a search.
  public var collisions: CollisionReport?
  public var quotas: [QuotaRow]
  /// The contact sheet of accepted pictures.
  public var generated: [PictureTile]
  public var findings: [AuditFinding]
  public var provenance: Provenance

  /// A report with nothing in it yet; set what there is.
  public init(workspace: String, findingCount: Int, provenance: Provenance) {
    self.workspace = workspace
    self.findingCount = findingCount
    self.keyNumbers = []
    self.planted = nil
    self.populations = []
    self.rejected = []
    self.spaces = []
    self.map = nil
    self.deltas = []
    self.similarities = []
    self.calibrations = []
    self.duplicates = []
    self.leaks = []
    self.leakSearch = nil
    self.collisions = nil
    self.quotas = []
    self.generated = []
    self.findings = []
    self.provenance = provenance
  }
}
