/// Pairs for a person to judge.
public struct ReviewReport: Hashable, Codable, Sendable {
  /// The workspace's name, not its folder.
  public var workspace: String
  public var pairs: [ReviewPair]

  public init(workspace: String, pairs: [ReviewPair]) {
    self.workspace = workspace
    self.pairs = pairs
  }
}

/// Two images side by side, and what was measured.
public struct ReviewPair: Hashable, Codable, Sendable {
  /// Names the pair in the answers: letters and digits.
  public var key: String
  /// What is asked, such as `same picture?`.
  public var question: String
  public var tier: String
  /// The one proposed for removal.
  public var removed: ImageReference
  public var kept: ImageReference
  public var similarities: [SpaceSimilarity]
  public var mirrored: Bool
  /// The cosine the step decided at, with its false-match rate, for people.
  public var threshold: String
  /// True where a person was unsure before.
  public var isUnsure: Bool

  public init(
    key: String, question: String, tier: String, removed: ImageReference, kept: ImageReference
  ) {
    self.key = key
    self.question = question
    self.tier = tier
    self.removed = removed
    self.kept = kept
    similarities = []
    mirrored = false
    threshold = ""
    isUnsure = false
  }
}
