public import Domain

/// What a map shows of an image.
public struct ImageMark: Equatable, Sendable {
  public var population: Population
  public var identity: Int64?
  public var isQuarantined: Bool

  public init(population: Population, identity: Int64?, isQuarantined: Bool) {
    self.population = population
    self.identity = identity
    self.isQuarantined = isQuarantined
  }
}
