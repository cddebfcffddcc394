import Analysis
import Cataloging
public import Domain

/// The identities of the set as `identities list` shows them.
public struct IdentityTable: Equatable, Sendable {
  /// One identity.
  public struct Row: Equatable, Sendable {
    public var id: Int64
    public var name: String
    /// True for an identity that was sampled on the sphere.
    public var isSampled: Bool
    /// Images in force with a vector; the vector an identity was sampled as is none.
    public var images: Int
    /// The resultant length R of its vectors; nil where it has none.
    public var concentration: Double?
    /// κ of the von Mises–Fisher law; nil for fewer than two vectors.
    public var kappa: Double?
    /// The other identity with the most similar prototype.
    public var nearest: Neighbour?
  }

  /// Another identity and the cosine of the two prototypes.
  public struct Neighbour: Equatable, Sendable {
    public var name: String
    public var similarity: CosineSimilarity
  }

  /// By id.
  public var rows: [Row]

  /// Prototypes are formed from digital images and sampled vectors, as `fill` forms them.
  public static func read(
    builder: any VectorIndexBuilder, in context: StepContext
  ) async throws -> IdentityTable {
    let originals = try await context.identityOriginals()
    let sampled = try await context.sampledImages()
    let identities = try await context.identitiesToFill()
    let names = Dictionary(uniqueKeysWithValues: identities.map { (Int($0.id), $0.name) })
    let sources = Set([try await context.sampledSource()?.id].compactMap { $0 })
    let prototypes = try Prototypes.byIdentity(
      originals.unit, labels: originals.identities.map { $0.map(Int.init) })
    let nearest = try nearest(prototypes, builder: builder)
    let places = Dictionary(
      uniqueKeysWithValues: prototypes.identities.enumerated().map { ($1, $0) })
    let counts = try await imageCounts(leavingOut: sampled, in: context)
    return IdentityTable(
      rows: identities.map { identity in
        var row = Row(
          id: identity.id, name: identity.name, isSampled: sources.contains(identity.source),
          images: counts[identity.id] ?? 0)
        guard let place = places[Int(identity.id)] else { return row }
        row.concentration = prototypes.concentrations[place]
        row.kappa = prototypes[place].vonMisesFisherConcentration
        row.nearest = nearest[place].map { pair in
          let other = prototypes.identities[pair.target]
          return Neighbour(name: names[other] ?? "\(other)", similarity: pair.similarity)
        }
        return row
      })
  }

  private static func imageCounts(
    leavingOut sampled: Set<Int64>, in context: StepContext
  ) async throws -> [Int64: Int] {
    let images = try await context.embedded(
      Space.identity, [.digital, .generated], includesQuarantined: false)
    let own = images?.locations.filter { !sampled.contains($0.image) } ?? []
    return Dictionary(grouping: own.compactMap(\.identity), by: { $0 }).mapValues(\.count)
  }

  /// Per prototype the most similar other one, ties to the lower.
  private static func nearest(
    _ prototypes: Prototypes, builder: any VectorIndexBuilder
  ) throws -> [Int: VectorPair] {
    var best: [Int: VectorPair] = [:]
    let directions = prototypes.directions
    for pair in try builder.index(directions).nearest(2, to: directions)
    where pair.query != pair.target && best[pair.query] == nil { best[pair.query] = pair }
    return best
  }
}
