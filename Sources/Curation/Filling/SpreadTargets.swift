package import Analysis
import Diagnostics

/// What the spread looks at in a picture; nil where it is not known.
package struct SpreadValues: Equatable, Sendable {
  /// As `HeadTurn.amount`.
  package var turn: Double?
  /// The quality network's score.
  package var quality: Double?

  package init(turn: Double? = nil, quality: Double? = nil) {
    self.turn = turn
    self.quality = quality
  }
}

/// A measure of pictures, cut into bins.
package struct SpreadAxis: Equatable, Sendable {
  package enum Measure: String, Sendable {
    case turn, quality
  }

  package let measure: Measure
  package let bins: ValueBins

  package init(_ measure: Measure, _ bins: ValueBins) {
    self.measure = measure
    self.bins = bins
  }

  /// Nil where the value is not known.
  func bin(of values: SpreadValues) -> Int? {
    (measure == .turn ? values.turn : values.quality).flatMap(bins.bin)
  }

  /// E.g. "left", "front", "right 2" from the front outwards, or "quality 1" for the lowest.
  func name(of bin: Int) -> String {
    guard measure == .turn else { return "quality \(bin + 1)" }
    let steps = bin - bins.count / 2
    guard steps != 0 else { return HeadTurn.front.rawValue }
    let side = steps < 0 ? HeadTurn.left : HeadTurn.right
    return bins.count <= 3 ? side.rawValue : "\(side.rawValue) \(abs(steps))"
  }
}

/// Sees to it that the pictures of one identity come from all bins of what they show alike.
///
/// What a candidate shows is known only when it is there, so that full bins cost calls: a candidate for
/// one is refused. Counts alone decide: pictures by bin, and candidates refused. A picture of which the
/// value is not known is in no bin and never refused.
package struct SpreadTargets: Equatable, Sendable {
  package let axes: [SpreadAxis]
  /// Pictures that fill a bin, by axis: those wanted over the number of bins, rounded up.
  package let shares: [Int]
  /// So many refused candidates open full bins again, unless the rule is strict.
  package let patience: Int
  package let isStrict: Bool
  /// Pictures by axis, then by bin: those that were there and those accepted.
  package private(set) var counts: [[Int]]
  /// Candidates refused for a full bin.
  package private(set) var refused = 0

  /// Everything is welcome.
  package static let none = SpreadTargets([], wanted: 0, cap: 0, isStrict: false)

  /// - Parameters:
  ///   - wanted: pictures of the identity in all, with those it has.
  ///   - cap: most candidates of the request; a bin's part of it is the patience.
  package init(_ axes: [SpreadAxis], wanted: Int, cap: Int, isStrict: Bool) {
    self.axes = axes
    self.isStrict = isStrict
    shares = axes.map { (wanted + $0.bins.count - 1) / $0.bins.count }
    let fewest = axes.map(\.bins.count).min() ?? 1
    patience = (cap + fewest - 1) / fewest
    counts = axes.map { Array(repeating: 0, count: $0.bins.count) }
  }

  package var needsScores: Bool { axes.contains { $0.measure == .quality } }

  /// Refusals that say nothing of the rest of the request: they end. Strict ones do not.
  package var freeRefusals: Int { isStrict ? 0 : refused }

  /// Counts a picture.
  package mutating func add(_ values: SpreadValues) {
    for (place, axis) in axes.enumerated() {
      if let bin = axis.bin(of: values) { counts[place][bin] += 1 }
    }
  }

  /// Counts a refused candidate, where it was refused for this.
  package mutating func refuse(_ reason: String) {
    if RejectionTally.word(reason) == GateReason.Test.spread.rawValue { refused += 1 }
  }

  /// Why there are enough pictures like this one, e.g. "spread: 7 in bin front, limit 7"; nil where it is
  /// welcome.
  package func refusal(_ values: SpreadValues) -> String? {
    guard isStrict || refused < patience else { return nil }
    for (place, axis) in axes.enumerated() {
      guard let bin = axis.bin(of: values), counts[place][bin] >= shares[place] else { continue }
      return """
        \(GateReason.Test.spread.rawValue): \(counts[place][bin]) in bin \(axis.name(of: bin)), \
        limit \(shares[place])
        """
    }
    return nil
  }

  /// Which bins were not reached, e.g. "3 of 7 in bin left"; empty where nobody was refused.
  package var short: String {
    guard refused > 0 else { return "" }
    return axes.indices.flatMap { place in
      counts[place].indices.filter { counts[place][$0] < shares[place] }.map {
        "\(counts[place][$0]) of \(shares[place]) in bin \(axes[place].name(of: $0))"
      }
    }.joined(separator: ", ")
  }

  /// For a summary: pictures of all identities by bin; empty without bins.
  static func sum(_ targets: [SpreadTargets]) -> [JSONValue] {
    (targets.first?.axes ?? []).enumerated().map { place, axis in
      [
        "measure": .string(axis.measure.rawValue),
        "bounds": .array(axis.bins.bounds.map { .double($0) }),
        "bins": .array(
          (0..<axis.bins.count).map { bin in
            [
              "bin": .string(axis.name(of: bin)),
              "pictures": .int(targets.reduce(0) { $0 + $1.counts[place][bin] }),
            ]
          }),
      ]
    }
  }
}

/// The bins of a chunk's identities while it is judged: they fill up, and open at its end at the earliest.
struct SpreadWatch {
  private let identities: [Int64]
  private var targets: [Int64: SpreadTargets]

  init(_ identities: [Int64], _ targets: [Int64: SpreadTargets]) {
    self.identities = identities
    self.targets = targets
  }

  /// Nil for a candidate that is welcome, which is counted.
  mutating func refusal(_ row: Int, _ values: SpreadValues) -> String? {
    if let reason = targets[identities[row]]?.refusal(values) { return reason }
    targets[identities[row]]?.add(values)
    return nil
  }
}
