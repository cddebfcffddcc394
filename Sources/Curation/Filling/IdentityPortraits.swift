import Analysis
import Cataloging
public import Domain
import LinearAlgebra

/// What stands for each digital identity in a report: the picture nearest its prototype, and the
/// identities whose prototypes are nearest.
public struct IdentityPortraits: Sendable {
  /// Something near, and how near.
  public struct Near: Equatable, Sendable {
    /// An identity, or an image, as the property says.
    public var id: Int64
    public var similarity: CosineSimilarity
  }

  private let prototypes: Prototypes
  private let central: [Int64: Near]
  private let places: [Int64: Int]

  /// Nil where no digital image has an identity vector.
  public static func load(in context: StepContext) async throws -> IdentityPortraits? {
    let images = try await context.embedded(
      Space.identity, [.digital], includesQuarantined: false)
    return try images.map(IdentityPortraits.init)
  }

  private init(_ images: EmbeddedImages) throws {
    prototypes = try Prototypes.byIdentity(
      images.unit, labels: images.identities.map { $0.map(Int.init) })
    let identities = prototypes.identities.map(Int64.init)
    places = Dictionary(uniqueKeysWithValues: identities.enumerated().map { ($1, $0) })
    var central: [Int64: Near] = [:]
    for (row, identity) in images.identities.enumerated() {
      guard let identity, let place = places[identity] else { continue }
      let similarity = CosineSimilarity(
        zip(images.unit[row: row], prototypes.directions[row: place])
          .reduce(0) { $0 + $1.0 * $1.1 })
      if central[identity].map({ similarity > $0.similarity }) ?? true {
        central[identity] = Near(id: images.images[row], similarity: similarity)
      }
    }
    self.central = central
  }

  /// The image nearest the identity's prototype, the first of equals; nil where it has none.
  public func central(of identity: Int64) -> Near? { central[identity] }

  /// The other identities whose prototypes are nearest, nearest first.
  public func neighbours(of identity: Int64, count: Int) -> [Near] {
    guard let place = places[identity] else { return [] }
    let similarities = prototypes.directions.rows([place]).similarities(to: prototypes.directions)
    return similarities.indices.filter { $0 != place }
      .sorted { (similarities[$1], $0) < (similarities[$0], $1) }.prefix(count)
      .map {
        Near(
          id: Int64(prototypes.identities[$0]), similarity: CosineSimilarity(similarities[$0]))
      }
  }
}
