/// Identities of one set, and which of them look like the same person.
public struct CollisionGraph: Equatable, Sendable {
  /// One identity.
  public struct Node: Equatable, Sendable {
    public var name: String
    public var images: Int

    public init(name: String, images: Int) {
      self.name = name
      self.images = images
    }
  }

  /// Two identities that collide.
  public struct Edge: Equatable, Sendable {
    /// Places in `nodes`.
    public var a: Int
    public var b: Int
    /// Image pairs of the two at or above the threshold; 0 where only prototypes collide.
    public var imagePairs: Int
    /// True where the prototypes collide.
    public var prototypes: Bool

    public init(a: Int, b: Int, imagePairs: Int, prototypes: Bool) {
      self.a = a
      self.b = b
      self.imagePairs = imagePairs
      self.prototypes = prototypes
    }
  }

  public var nodes: [Node]
  public var edges: [Edge]

  public init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges
  }

  /// An identity to take out, and with how many others it collided when its turn came.
  public struct Removal: Equatable, Sendable {
    /// Place in `nodes`.
    public var node: Int
    public var degree: Int
  }

  /// What is left of the set after some removals.
  public struct Rest: Equatable, Sendable {
    public var identities: Int
    public var images: Int
    /// Pairs of images of two identities: (n² - Σ nᵢ²) / 2.
    public var imageComparisons: Int
    public var identityComparisons: Int { identities * (identities - 1) / 2 }
    public var imagePairs: Int
    public var prototypePairs: Int
  }

  /// The whole set.
  public var whole: Rest { rest(without: []) }

  /// Takes out the identity that collides with most others, again and again, until `isEnough` says so
  /// or no collision is left. Ties: the one with fewer images, then the name that sorts first, then the
  /// lower place.
  public func pruned(until isEnough: (Rest) -> Bool) -> [Removal] {
    var neighbours = [Set<Int>](repeating: [], count: nodes.count)
    for edge in edges where edge.a != edge.b {
      neighbours[edge.a].insert(edge.b)
      neighbours[edge.b].insert(edge.a)
    }
    var removals: [Removal] = []
    var removed = Set<Int>()
    while let next = worst(neighbours), !isEnough(rest(without: removed)) {
      removals.append(Removal(node: next, degree: neighbours[next].count))
      removed.insert(next)
      for other in neighbours[next] { neighbours[other].remove(next) }
      neighbours[next] = []
    }
    return removals
  }

  private func worst(_ neighbours: [Set<Int>]) -> Int? {
    var worst: Int?
    for node in nodes.indices where !neighbours[node].isEmpty {
      guard let best = worst else {
        worst = node
        continue
      }
      let (own, other) = (neighbours[node].count, neighbours[best].count)
      if own != other {
        if own > other { worst = node }
      } else if (nodes[node].images, nodes[node].name) < (nodes[best].images, nodes[best].name) {
        worst = node
      }
    }
    return worst
  }

  private func rest(without removed: Set<Int>) -> Rest {
    let kept = nodes.indices.filter { !removed.contains($0) }
    let images = kept.reduce(0) { $0 + nodes[$1].images }
    let squares = kept.reduce(0) { $0 + nodes[$1].images * nodes[$1].images }
    let alive = edges.filter { !removed.contains($0.a) && !removed.contains($0.b) }
    return Rest(
      identities: kept.count, images: images, imageComparisons: (images * images - squares) / 2,
      imagePairs: alive.reduce(0) { $0 + $1.imagePairs },
      prototypePairs: alive.count(where: \.prototypes))
  }
}
