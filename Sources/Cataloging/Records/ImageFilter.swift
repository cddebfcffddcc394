public import Domain

/// Which images a query is about.
public struct ImageFilter: Equatable, Sendable {
  public var populations: Set<Population>
  /// Images of this source only.
  public var source: Int64?
  public var includesQuarantined: Bool
  /// Also images whose file has since changed, was rejected, or is gone.
  public var includesOutdated: Bool

  /// By default every current image of every population that is not quarantined.
  public init(
    populations: Set<Population> = Set(Population.allCases), source: Int64? = nil,
    includesQuarantined: Bool = false, includesOutdated: Bool = false
  ) {
    self.populations = populations
    self.source = source
    self.includesQuarantined = includesQuarantined
    self.includesOutdated = includesOutdated
  }
}
