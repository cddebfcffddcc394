/// How quotas were filled: what the page of `report quota` shows.
public struct QuotaReport: Hashable, Codable, Sendable {
  public var workspace: String
  public var provenance: Provenance
  /// The generator's name; empty before a fill.
  public var generator = ""
  /// One per identity, in catalog order.
  public var quotas: [QuotaRow] = []
  /// What stopped the candidates of each, in the order of `quotas`; empty where nothing did.
  public var explanations: [String] = []
  /// False where the fill has kept no rejected picture that may be shown.
  public var hasRejectedPictures = false
  public var funnel = CandidateFunnel(candidates: 0, stopped: [])
  public var distributions: [Histogram] = []
  /// The identities that are most short, then those with most rejections.
  public var sheets: [IdentitySheet] = []

  public init(workspace: String, provenance: Provenance) {
    self.workspace = workspace
    self.provenance = provenance
  }
}

/// One identity's contact sheet.
public struct IdentitySheet: Hashable, Codable, Sendable {
  /// A picture, or why none is shown, with a line under it.
  public struct Frame: Hashable, Codable, Sendable {
    /// Nil where there is none that may be shown.
    public var tile: PictureTile?
    public var caption: String
    /// Said in the place of the picture; empty where there is one.
    public var instead: String

    public init(_ tile: PictureTile?, caption: String, instead: String = "") {
      self.tile = tile
      self.caption = caption
      self.instead = instead
    }
  }

  public var quota: QuotaRow
  /// What stopped the candidates, in words; empty where all passed.
  public var explanation: String
  /// The picture nearest its prototype.
  public var prototype: [Frame] = []
  /// The pictures of the nearest other identities.
  public var neighbours: [Frame] = []
  public var accepted: [Frame] = []
  public var rejected: [Frame] = []
  /// Accepted and rejected candidates that have no frame.
  public var moreAccepted = 0
  public var moreRejected = 0

  public init(_ quota: QuotaRow, explanation: String) {
    self.quota = quota
    self.explanation = explanation
  }
}
