public import Domain

/// An item compared with something it must not resemble.
public struct LeakCandidate: Equatable, Sendable {
  public var item: Int
  /// The reference image, or the prototype of another identity.
  public var reference: Int
  /// In the identity space.
  public var similarity: CosineSimilarity

  public init(item: Int, reference: Int, similarity: CosineSimilarity) {
    self.item = item
    self.reference = reference
    self.similarity = similarity
  }
}

/// What is to be done with an item, by rising severity.
public enum LeakVerdict: String, Codable, Comparable, Sendable {
  case clear
  /// Put aside for a person to look at.
  case quarantine
  /// Leave out.
  case reject

  public static func < (a: Self, b: Self) -> Bool { a.severity < b.severity }

  private var severity: Int {
    switch self {
    case .clear: 0
    case .quarantine: 1
    case .reject: 2
    }
  }
}

/// Judges resemblance by two thresholds of one encoder, each a cosine measured at a false-match rate.
public struct LeakRule: Equatable, Sendable {
  public let rejectAtLeast: CosineSimilarity
  public let quarantineAtLeast: CosineSimilarity

  /// - Throws: `AnalysisError.outOfRange` when the reject threshold is below the other or one is NaN.
  public init(rejectAtLeast: CosineSimilarity, quarantineAtLeast: CosineSimilarity) throws {
    guard rejectAtLeast.value >= quarantineAtLeast.value else {
      throw AnalysisError(
        code: .outOfRange,
        message: "the reject threshold \(rejectAtLeast.value) is below the quarantine threshold "
          + "\(quarantineAtLeast.value)",
        hint: "take the reject threshold at the smaller false-match rate")
    }
    self.rejectAtLeast = rejectAtLeast
    self.quarantineAtLeast = quarantineAtLeast
  }

  /// NaN is `.quarantine`: what was not measured is not clear.
  public func verdict(_ similarity: CosineSimilarity) -> LeakVerdict {
    if similarity.value >= rejectAtLeast.value { return .reject }
    return similarity.value < quarantineAtLeast.value ? .clear : .quarantine
  }

  /// Every candidate that is not clear, by item, then by falling similarity, ties by reference.
  public func leaks(among candidates: [LeakCandidate]) -> [(LeakCandidate, LeakVerdict)] {
    candidates.map { ($0, verdict($0.similarity)) }
      .filter { $0.1 != .clear }
      .sorted { first, second in
        if first.0.item != second.0.item { return first.0.item < second.0.item }
        if first.0.similarity != second.0.similarity {
          return first.0.similarity > second.0.similarity
        }
        return first.0.reference < second.0.reference
      }
  }
}
