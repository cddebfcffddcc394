public import Domain

/// How the leak search compared, and what it would have missed otherwise.
public struct LeakSearch: Hashable, Codable, Sendable {
  /// One way of comparing, with its own thresholds.
  public struct Rate: Hashable, Codable, Sendable {
    /// What was compared: `images`, `prototypes`.
    public var name: String
    public var comparisons: Int
    /// Images to reject by this comparison.
    public var leaks: Int
    /// Those of them that no other comparison rejects.
    public var onlyHere: Int
    /// From here on an image is rejected; nil where this was not compared.
    public var reject: CosineSimilarity?
    public var rejectRate: Double?
    /// From here on a person should look.
    public var quarantine: CosineSimilarity?
    public var quarantineRate: Double?

    public init(name: String, comparisons: Int, leaks: Int, onlyHere: Int) {
      self.name = name
      self.comparisons = comparisons
      self.leaks = leaks
      self.onlyHere = onlyHere
    }

    /// Pairs chance alone would give at the threshold for rejecting, at most.
    public var expectedByChance: Double? { rejectRate.map { $0 * Double(comparisons) } }
  }

  public var rates: [Rate]
  /// Leaking images that a search by class means would have found, and all of them; nil where the
  /// gallery is too small to tell.
  public var classMeans: Share?
  /// Images compared both ways round, and all of them.
  public var mirrored: Share
  /// Images that leak only mirrored.
  public var onlyMirrored: Int

  /// Some of all.
  public struct Share: Hashable, Codable, Sendable {
    public var found: Int
    public var of: Int

    public init(_ found: Int, of all: Int) {
      self.found = found
      of = all
    }
  }

  public init(rates: [Rate], classMeans: Share?, mirrored: Share, onlyMirrored: Int) {
    self.rates = rates
    self.classMeans = classMeans
    self.mirrored = mirrored
    self.onlyMirrored = onlyMirrored
  }
}
