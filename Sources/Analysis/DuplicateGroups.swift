public import Domain

/// One keeper and the items that are duplicates of it.
public struct DuplicateGroup: Equatable, Sendable {
  /// One image of the group that is not kept.
  public struct Member: Equatable, Sendable {
    public var item: Int
    /// To the keeper.
    public var similarity: CosineSimilarity
  }

  public var keeper: Int
  /// At least one, by rising item.
  public var members: [Member]
}

/// Groups of duplicates without chaining.
public enum DuplicateGroups {
  /// Takes the best remaining item as keeper, gives it every remaining item it is directly paired
  /// with, and goes on; items left alone form no group.
  ///
  /// So every member is a duplicate of its own keeper, never only of another member, and no two
  /// items that stay are paired: forming groups again over the items that stay finds none. The
  /// result does not depend on the order or direction of the pairs; of a pair given twice the larger
  /// similarity counts, and a pair of an item with itself is ignored.
  /// - Parameters:
  ///   - pairs: the pairs at or above the threshold.
  ///   - ranking: one preference per item; higher is kept, ties go to the lower item, NaN comes last.
  /// - Returns: groups by rising keeper.
  /// - Throws: `AnalysisError.outOfRange` for a pair that names an item without a ranking.
  public static func form(pairs: [SimilarPair], ranking: [Double]) throws -> [DuplicateGroup] {
    let neighbours = try neighbours(in: pairs, items: ranking.count)
    let order = neighbours.keys.sorted { precedes($0, $1, ranking) }
    var taken = Set<Int>()
    var groups: [DuplicateGroup] = []
    for keeper in order where !taken.contains(keeper) {
      taken.insert(keeper)
      let free = neighbours[keeper, default: [:]].filter { !taken.contains($0.key) }
      guard !free.isEmpty else { continue }
      taken.formUnion(free.keys)
      let members = free.map { DuplicateGroup.Member(item: $0.key, similarity: $0.value) }
      groups.append(
        DuplicateGroup(keeper: keeper, members: members.sorted { $0.item < $1.item }))
    }
    return groups.sorted { $0.keeper < $1.keeper }
  }

  private static func precedes(_ a: Int, _ b: Int, _ ranking: [Double]) -> Bool {
    let first = ranking[a].isNaN ? -Double.infinity : ranking[a]
    let second = ranking[b].isNaN ? -Double.infinity : ranking[b]
    return first == second ? a < b : first > second
  }

  private static func neighbours(
    in pairs: [SimilarPair], items: Int
  ) throws -> [Int: [Int: CosineSimilarity]] {
    var neighbours: [Int: [Int: CosineSimilarity]] = [:]
    for pair in pairs {
      guard (0..<items).contains(pair.a) && (0..<items).contains(pair.b) else {
        throw AnalysisError(
          code: .outOfRange,
          message: "a pair names items \(pair.a) and \(pair.b), but \(items) items are ranked")
      }
      guard pair.a != pair.b else { continue }
      neighbours[pair.a, default: [:]].merge([pair.b: pair.similarity], uniquingKeysWith: max)
      neighbours[pair.b, default: [:]].merge([pair.a: pair.similarity], uniquingKeysWith: max)
    }
    return neighbours
  }
}
