public import Analysis
public import Domain

extension DedupStep {
  /// Whose images are compared with whose.
  public enum Scope: String, Sendable, CaseIterable {
    /// All with all.
    case global
    /// Only images of one identity with one another.
    case identity
  }

  /// What to compare, and when two images count as one.
  public struct Options: Equatable, Sendable {
    /// Searched together: a digital and a generated image may be duplicates of each other.
    public var populations: Set<Population>
    /// First key, in the identity space.
    public var identity: ThresholdChoice
    /// Second key: cosine in the image space.
    public var imageSimilarity: CosineSimilarity
    /// Second key: correlation after registering the crops.
    public var registeredCorrelation: CosineSimilarity
    /// Second key where the perceptual hashes disagree; nil asks no hashes. Measured: copies cropped by
    /// 5 % correlated by 0.996 or more, 95 % of the closest pairs of studio sittings by less.
    public var registeredAlone: CosineSimilarity? = CosineSimilarity(0.995)
    /// Bits by which the perceptual hashes of one picture may differ, in 0...31.
    public var hashDistance = PictureHash.sameWithin
    /// Tiers that are left out; `exact` cannot be.
    public var without: Set<DuplicateTier> = []
    /// Searches this space with one key alone; for vectors without pictures.
    public var onlySpace: String?
    public var scope = Scope.global
    /// Which image of a group stays.
    public var keep = KeeperRule.quality
    /// Images of these always stay, and win against others.
    public var protectedPopulations: Set<Population> = []
    /// Further images that always stay, such as those a decision protects.
    public var protectedImages: Set<Int64> = []
    /// Writes the proposals into the ledger.
    public var applies: Bool
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]
    /// How the builder searches: an engine that is not exact may answer otherwise.
    public var engine = "exact"
    /// Keeps the pairs that were searched, so that other thresholds need no search.
    public var keepsGraph = true

    public init(
      populations: Set<Population> = [.digital, .generated], rates: CurationRates = .standard
    ) {
      self.populations = populations
      identity = .falseMatchRate(rates.duplicate)
      imageSimilarity = CosineSimilarity(rates.imageSimilarity)
      registeredCorrelation = CosineSimilarity(rates.registeredCorrelation)
      onlySpace = nil
      applies = false
      documented = []
    }

    /// True where this tier is asked for. With one space alone hashes are not looked at.
    func searches(_ tier: DuplicateTier) -> Bool {
      if tier == .exact { return true }
      if tier == .perceptual && onlySpace != nil { return false }
      return !without.contains(tier)
    }

    /// Whose impostor pairs the first key's rate is taken from.
    var cohorts: [Population] {
      let own = populations.sorted()
      return own + [Population.digital, .real, .reference].filter { !own.contains($0) }
    }
  }
}
