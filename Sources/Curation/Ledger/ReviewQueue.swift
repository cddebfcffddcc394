public import Cataloging
import Cryptography
import Diagnostics
import Domain

/// The pairs a person should look at: found by the steps in force, and not answered yet.
public struct ReviewQueue: Sendable {
  /// Which pairs are asked about.
  public struct Options: Equatable, Sendable {
    /// Nil asks about both kinds.
    public var kind: PairRecord.Kind?
    /// Most pairs; nil for all.
    public var limit: Int?
    /// Also pairs whose image is in quarantine already, or kept by a person.
    public var includesSettled = false

    public init() {}
  }

  /// One pair.
  public struct Item: Sendable {
    /// Names the pair by its kind, its files' paths and their content: 16 hexadecimal digits.
    public var key: String
    public var pair: PairRecord
    public var step: StepRecord
    public var threshold: StepThreshold?
    public var kept: ImageRecord
    public var removed: ImageRecord
    /// "unsure" by a person, where someone looked already.
    public var answer: DecisionRecord?
  }

  /// The strongest pairs first; what a person was unsure about comes last.
  public let items: [Item]
  /// Every pair of the steps in force, by key, answered or not.
  public let known: [String: Item]

  /// Reads the queue of a workspace.
  public init(_ options: Options, in catalog: Catalog) async throws {
    let standing = try await catalog.standing()
    var known: [String: Item] = [:]
    var waiting: [Item] = []
    for (name, kind) in [(DedupStep.name, PairRecord.Kind.duplicate), (LeaksStep.name, .leak)] {
      guard let step = try await catalog.latestStep(named: name) else { continue }
      let pairs = try await catalog.pairs(step: step.key).filter { $0.kind == kind }
      let images = try await Self.images(of: pairs, in: catalog)
      for pair in pairs {
        guard let item = Item(pair, of: step, standing, images) else { continue }
        known[item.key] = item
        let isWanted = options.kind == nil || options.kind == kind
        if isWanted, item.waits(standing, includesSettled: options.includesSettled) {
          waiting.append(item)
        }
      }
    }
    self.known = known
    items = Array(waiting.sorted(by: Item.isBefore).prefix(options.limit ?? .max))
  }

  /// The images of the pairs alone: a set may hold millions of others.
  private static func images(
    of pairs: [PairRecord], in catalog: Catalog
  ) async throws -> [Int64: ImageRecord] {
    let wanted = Set(pairs.flatMap { [$0.kept, $0.removed] }).sorted()
    var images: [Int64: ImageRecord] = [:]
    for start in stride(from: 0, to: wanted.count, by: 10_000) {
      let part = Array(wanted[start..<min(start + 10_000, wanted.count)])
      images.merge(try await catalog.images(ids: part)) { $1 }
    }
    return images
  }

  /// A person's answer, ready for `Catalog.answer`.
  public static func decision(
    _ answer: DecisionAction, about item: Item, by author: String, note: String? = nil
  ) -> NewDecision {
    let what = item.pair.kind == .duplicate ? "picture" : "person"
    let reason =
      switch answer {
      case .same: "shows the same \(what) as \(item.kept.shownPath)"
      case .different: "does not show the same \(what) as \(item.kept.shownPath)"
      default: "may show the same \(what) as \(item.kept.shownPath)"
      }
    let evidence: JSONValue = [
      "other": .int(Int(item.pair.kept)), "kind": .string(item.pair.kind.rawValue),
      "tier": .string(item.pair.tier), "pair": .string(item.key),
      "identitySimilarity": JSONValue(item.pair.identitySimilarity) { JSONValue($0.value) },
      "pictureSimilarity": JSONValue(item.pair.imageSimilarity) { JSONValue($0.value) },
      "mirrored": .bool(item.pair.isMirrored),
      "threshold": JSONValue(item.threshold) { $0.document },
    ]
    let noted = note.map { $0.isEmpty ? reason : "\(reason): \($0)" }
    return NewDecision(
      image: item.pair.removed, other: item.pair.kept, action: answer, author: author,
      rule: "review", reason: noted ?? reason, evidence: evidence.compact, step: item.step.key)
  }
}

extension ReviewQueue.Item {
  init?(
    _ pair: PairRecord, of step: StepRecord, _ standing: LedgerStanding,
    _ images: [Int64: ImageRecord]
  ) {
    guard let kept = images[pair.kept], let removed = images[pair.removed],
      kept.isCurrent, removed.isCurrent
    else { return nil }
    let parts =
      [pair.kind.rawValue]
      + [removed, kept].flatMap {
        [$0.shownPath, $0.facts.digest ?? ""]
      }
    self.init(
      key: String(SHA256.hex(of: parts.joined(separator: "\n")).prefix(16)), pair: pair,
      step: step, threshold: StepThreshold(step), kept: kept, removed: removed,
      answer: standing.answer(pair.kept, pair.removed))
  }

  /// True where the step would put the image aside by itself.
  public var isCertain: Bool { pair.verdict == PairVerdict.quarantine.rawValue }

  fileprivate func waits(_ standing: LedgerStanding, includesSettled: Bool) -> Bool {
    if let answer, answer.decision.action != .unsure { return false }
    if includesSettled { return true }
    let isOut = removed.isQuarantined || (pair.kind == .duplicate && kept.isQuarantined)
    return !isOut && standing.keeper(of: removed.id) == nil
  }

  fileprivate static func isBefore(_ a: Self, _ b: Self) -> Bool {
    func rank(_ item: Self) -> (Int, Float, String, String) {
      (
        item.answer == nil ? 0 : 1, -(item.pair.identitySimilarity?.value ?? 1),
        item.removed.shownPath, item.kept.shownPath
      )
    }
    return rank(a) < rank(b)
  }

  /// For one line of output.
  public var measures: String {
    let cosines = [("identity", pair.identitySimilarity), ("picture", pair.imageSimilarity)]
      .compactMap { name, value in
        value.map { "\(name) \(HumanNumbers.decimal(Double($0.value), 4))" }
      }
    return (cosines + (pair.isMirrored ? ["mirrored"] : [])).joined(separator: "  ")
  }
}
