/// Items that are copies of one another, each class led by its best item.
///
/// Copies are transitive, so a class of any size costs one step per item and no pair is formed:
/// fifty thousand copies of one file are one class.
public struct CopyClasses: Equatable, Sendable {
  /// Per item, the item that leads its class; an item of its own leads itself.
  public private(set) var leaders: [Int]
  /// Per item, the tier by which it joined its leader; nil for a leader.
  public private(set) var tiers: [DuplicateTier?]

  /// Every item alone.
  public init(count: Int) {
    leaders = Array(0..<count)
    tiers = [DuplicateTier?](repeating: nil, count: count)
  }

  /// The items that lead a class, rising.
  public var leading: [Int] { leaders.indices.filter { leaders[$0] == $0 } }

  /// Joins the classes whose leaders have equal keys; the one of the highest ranking leads.
  /// - Parameters:
  ///   - key: nil for a leader that is like no other.
  ///   - ranking: one preference per item, all different.
  public mutating func join<Key: Hashable>(
    _ tier: DuplicateTier, ranking: [Double], by key: (Int) -> Key?
  ) {
    var best: [Key: Int] = [:]
    let keys = leading.map { ($0, key($0)) }
    for case (let item, let key?) in keys {
      let known = best[key] ?? item
      best[key] = ranking[item] > ranking[known] ? item : known
    }
    var heirs = Array(leaders.indices)
    for case (let item, let key?) in keys { heirs[item] = best[key] ?? item }
    for item in leaders.indices where heirs[leaders[item]] != leaders[item] {
      leaders[item] = heirs[leaders[item]]
      tiers[item] = leaders[item] == item ? nil : tier
    }
  }
}
