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
    let neighbours = try Neighbours(pairs, items: ranking.count)
    let order = (0..<ranking.count).filter { neighbours.heads[$0] < neighbours.heads[$0 + 1] }
      .sorted { precedes($0, $1, ranking) }
    var taken = [Bool](repeating: false, count: ranking.count)
    var groups: [DuplicateGroup] = []
    for keeper in order where !taken[keeper] {
      taken[keeper] = true
      let free = neighbours.of(keeper).filter { !taken[$0.item] }
      guard !free.isEmpty else { continue }
      for member in free { taken[member.item] = true }
      groups.append(DuplicateGroup(keeper: keeper, members: free.uniquedByItem()))
    }
    return groups.sorted { $0.keeper < $1.keeper }
  }

  private static func precedes(_ a: Int, _ b: Int, _ ranking: [Double]) -> Bool {
    let first = ranking[a].isNaN ? -Double.infinity : ranking[a]
    let second = ranking[b].isNaN ? -Double.infinity : ranking[b]
    return first == second ? a < b : first > second
  }
}

/// Who is paired with whom: the partners of item `i` lie at `heads[i] ..< heads[i + 1]`.
private struct Neighbours {
  var heads: [Int]
  var partners: [DuplicateGroup.Member]

  init(_ pairs: [SimilarPair], items: Int) throws {
    heads = [Int](repeating: 0, count: items + 1)
    for pair in pairs {
      guard (0..<items).contains(pair.a) && (0..<items).contains(pair.b) else {
        throw AnalysisError(
          code: .outOfRange,
          message: "a pair names items \(pair.a) and \(pair.b), but \(items) items are ranked")
      }
      guard pair.a != pair.b else { continue }
      heads[pair.a + 1] += 1
      heads[pair.b + 1] += 1
    }
    for item in 0..<items { heads[item + 1] += heads[item] }
    partners = [DuplicateGroup.Member](
      repeating: .init(item: 0, similarity: CosineSimilarity(0)), count: heads[items])
    var next = heads
    for pair in pairs where pair.a != pair.b {
      partners[next[pair.a]] = .init(item: pair.b, similarity: pair.similarity)
      partners[next[pair.b]] = .init(item: pair.a, similarity: pair.similarity)
      next[pair.a] += 1
      next[pair.b] += 1
    }
  }

  func of(_ item: Int) -> ArraySlice<DuplicateGroup.Member> {
    partners[heads[item]..<heads[item + 1]]
  }
}

extension [DuplicateGroup.Member] {
  /// By rising item, each once, with the largest similarity it came with.
  fileprivate func uniquedByItem() -> [DuplicateGroup.Member] {
    let ordered = sorted { $0.item == $1.item ? $0.similarity > $1.similarity : $0.item < $1.item }
    return ordered.indices.filter { $0 == 0 || ordered[$0].item != ordered[$0 - 1].item }
      .map { ordered[$0] }
  }
}
