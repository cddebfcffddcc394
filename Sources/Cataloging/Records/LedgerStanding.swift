/// What the ledger says as it stands, or stood: for every image and every pair the line in force.
public struct LedgerStanding: Equatable, Sendable {
  /// The line in force about each image that has one.
  public var images: [Int64: DecisionRecord] = [:]
  /// The answer in force about each pair that has one.
  public var pairs: [ImagePair: DecisionRecord] = [:]

  /// Says nothing yet.
  public init() {}

  init(images: [Int64: DecisionRecord], pairs: [ImagePair: DecisionRecord]) {
    self.images = images
    self.pairs = pairs
  }

  /// Images that do not belong to the set.
  public var aside: Set<Int64> {
    Set(images.filter { $0.value.decision.action.putsAside }.keys)
  }

  /// Images that a person put back, or protects: no rule puts them aside.
  public var keptByPersons: Set<Int64> {
    Set(images.values.filter(\.keepsByPerson).map(\.decision.image))
  }

  /// The decision of a person because of which the image stays in the set, or nil.
  public func keeper(of image: Int64) -> DecisionRecord? {
    images[image].flatMap { $0.keepsByPerson ? $0 : nil }
  }

  /// The answer about two images, whichever comes first, or nil.
  public func answer(_ first: Int64, _ second: Int64) -> DecisionRecord? {
    pairs[ImagePair(first, second)]
  }

  /// The line by which a person calls two images different, or nil.
  public func difference(_ first: Int64, _ second: Int64) -> DecisionRecord? {
    answer(first, second).flatMap { $0.decision.action == .different ? $0 : nil }
  }
}

extension DecisionRecord {
  fileprivate var keepsByPerson: Bool { decision.isByPerson && !decision.action.putsAside }
}
