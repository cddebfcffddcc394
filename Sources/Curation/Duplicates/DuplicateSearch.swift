import Analysis
import Cataloging
import Diagnostics
import Domain

/// Turns copies, close hashes and close vectors into groups of duplicates.
///
/// Copies (equal files, pixels, hashes or vectors) are joined first, so that any number of them
/// costs one step each; only what leads a class of copies is compared in pairs.
struct DuplicateSearch: Sendable {
  let images: [ImageRecord]
  let options: DedupStep.Options
  let vectors: DuplicateVectors?
  let threads: Int
  private(set) var choice: KeeperChoice
  private(set) var copies: CopyClasses
  private(set) var matches = DuplicateMatches([])

  /// - Parameters:
  ///   - vectors: nil where no image has a vector; then only files, pixels and hashes are compared.
  ///   - protected: images that always stay.
  init(
    images: [ImageRecord], vectors: DuplicateVectors?, protected: Set<Int64>,
    options: DedupStep.Options, threads: Int
  ) {
    self.images = images
    self.vectors = vectors
    self.options = options
    self.threads = threads
    choice = KeeperChoice(images, rule: options.keep, protected: protected)
    copies = CopyClasses(count: images.count)
    joinCopies()
  }

  /// Every match at or above `floor` in the first key; `graph` may reach further down.
  mutating func findMatches(_ graph: NearPairs?, atLeast floor: CosineSimilarity) throws {
    var found = try hashMatches()
    if let graph, let vectors {
      let identities = identityKeys
      let candidates = copies.leading.compactMap { place in
        identities[place].map {
          DuplicateVectors.Candidate(
            place: place, image: images[place].id, identity: $0,
            hash: images[place].facts.perceptualHash)
        }
      }
      found += try vectors.matches(
        among: candidates, in: graph.graph, atLeast: floor, options: options, threads: threads)
    }
    matches = DuplicateMatches(found)
    if options.keep == .centrality {
      choice.measureCentrality(
        matches, prototypes: try vectors?.prototypeSimilarities(images) ?? images.map { _ in nil })
    }
  }

  /// One record per proposed removal, by keeper, then by removed image. Near-duplicates below
  /// `floor` do not count.
  func records(atLeast floor: CosineSimilarity) throws -> [PairRecord] {
    let protected = choice.facts.map(\.isProtected)
    let pairs = matches.all.filter { match in
      !(protected[match.low] && protected[match.high]) && counts(match, atLeast: floor)
    }
    let groups = try DuplicateGroups.form(
      pairs: pairs.map { SimilarPair(a: $0.low, b: $0.high, similarity: $0.similarity) },
      ranking: choice.ranking)
    var keepers = images.map { _ in Int?.none }
    for group in groups { for member in group.members { keepers[member.item] = group.keeper } }
    return images.indices.compactMap { removed -> (Int, Int)? in
      let leader = copies.leaders[removed]
      guard !protected[removed] else { return nil }
      if let keeper = keepers[leader] { return (keeper, removed) }
      return leader == removed ? nil : (leader, removed)
    }
    .sorted { $0 < $1 }
    .map { record(kept: $0, removed: $1) }
  }

  /// Pairs that count as duplicates at this threshold of the first key.
  func matchCount(atLeast floor: CosineSimilarity) -> Int {
    matches.all.count { counts($0, atLeast: floor) }
  }

  private func counts(_ match: DuplicateMatch, atLeast floor: CosineSimilarity) -> Bool {
    match.tier != .nearDuplicate || match.identity.map { $0 >= floor } ?? false
  }

  private func record(kept: Int, removed: Int) -> PairRecord {
    let match =
      kept == copies.leaders[removed]
      ? copy(of: kept, removed) : matches[kept, copies.leaders[removed]] ?? copy(of: kept, removed)
    var record = PairRecord(
      kind: .duplicate, kept: images[kept].id, removed: images[removed].id,
      tier: match.tier.rawValue, identitySimilarity: match.identity, imageSimilarity: match.picture,
      isMirrored: match.isMirrored, verdict: PairVerdict.quarantine.rawValue)
    record.hashDistance = match.hashDistance
    record.keeper = choice.evidence(kept: kept, removed: removed).compact
    return record
  }

  /// How a copy is like the image that leads its class.
  private func copy(of leader: Int, _ copy: Int) -> DuplicateMatch {
    var match = DuplicateMatch(leader, copy, copies.tiers[copy] ?? .exact)
    switch match.tier {
    case .perceptual:
      match.hashDistance = 0
      match.isMirrored =
        images[leader].facts.perceptualHash != images[copy].facts.perceptualHash
    case .nearDuplicate: match.identity = CosineSimilarity(1)
    case .exact, .samePixels: break
    }
    return match
  }

  /// Whose images are compared with whose: nil for an image that is compared with none.
  private var identityKeys: [Int64?] {
    options.scope == .global ? images.map { _ in 0 } : images.map(\.identity)
  }

  /// Keys are joined with the identity where only one identity's images are compared.
  private struct Key<Value: Hashable>: Hashable {
    var identity: Int64
    var value: Value
  }

  private mutating func joinCopies() {
    let (images, identities, ranking) = (images, identityKeys, choice.ranking)
    func key<Value: Hashable>(_ place: Int, _ value: Value?) -> Key<Value>? {
      guard let value, let identity = identities[place] else { return nil }
      return Key(identity: identity, value: value)
    }
    copies.join(.exact, ranking: ranking) { key($0, images[$0].facts.digest) }
    if options.searches(.samePixels) {
      copies.join(.samePixels, ranking: ranking) { key($0, images[$0].facts.pixelDigest) }
    }
    if options.searches(.perceptual) {
      copies.join(.perceptual, ranking: ranking) {
        key($0, images[$0].facts.perceptualHash?.canonical)
      }
    }
    if let vectors, options.searches(.nearDuplicate) {
      copies.join(.nearDuplicate, ranking: ranking) { key($0, vectors.mark(of: images[$0].id)) }
    }
  }

  private func hashMatches() throws -> [DuplicateMatch] {
    guard options.searches(.perceptual) else { return [] }
    let identities = identityKeys
    let hashed = copies.leading.filter {
      images[$0].facts.perceptualHash != nil && identities[$0] != nil
    }
    let pairs = try HashSearch.pairs(
      hashed.compactMap { images[$0].facts.perceptualHash }, within: options.hashDistance,
      threads: threads)
    return pairs.compactMap { pair in
      let (a, b) = (hashed[pair.a], hashed[pair.b])
      guard identities[a] == identities[b] else { return nil }
      var match = DuplicateMatch(a, b, .perceptual)
      match.hashDistance = pair.distance
      match.isMirrored = pair.isMirrored
      return match
    }
  }
}
