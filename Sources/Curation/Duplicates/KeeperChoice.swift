import Analysis
import Cataloging
import Diagnostics
import Domain

/// Which image of a group stays, and why: the facts the rule looks at and how they are shown.
struct KeeperChoice: Sendable {
  /// What stands for the quality of a face.
  enum Measure: String, Sendable {
    /// The scores of one network, which every picture compared has.
    case network
    /// Variance of the Laplacian of the aligned face.
    case sharpness
  }

  let rule: KeeperRule
  let measure: Measure
  let images: [ImageRecord]
  private(set) var facts: [KeeperFacts]

  init(_ images: [ImageRecord], rule: KeeperRule, protected: Set<Int64>) {
    self.images = images
    self.rule = rule
    let measure = Self.measure(of: images)
    self.measure = measure
    facts = images.map { image in
      var facts = KeeperFacts()
      facts.isProtected = protected.contains(image.id)
      facts.qualityGrade = Self.grade(of: image, measure)
      if let width = image.facts.width, let height = image.facts.height {
        facts.pixels = width * height
      }
      return facts
    }
  }

  /// Adds what the centrality rule looks at.
  mutating func measureCentrality(
    _ matches: DuplicateMatches, prototypes: [Double?]
  ) {
    var sums = [Double](repeating: 0, count: images.count)
    for match in matches.all {
      sums[match.low] += Double(match.similarity.value)
      sums[match.high] += Double(match.similarity.value)
    }
    for place in facts.indices {
      facts[place].centrality = Self.rounded(sums[place])
      facts[place].prototypeSimilarity = prototypes[place].map(Self.rounded)
    }
  }

  var ranking: [Double] { rule.ranking(facts) }

  /// JSON with sorted keys: the rule, the criterion that decided, and both sides' values.
  func evidence(kept: Int, removed: Int) -> JSONValue {
    [
      "keep": .string(rule.rawValue), "measure": .string(measure.rawValue),
      "decidedBy": .string(rule.decider(facts[kept], over: facts[removed]).rawValue),
      "kept": values(kept), "removed": values(removed),
    ]
  }

  private func values(_ place: Int) -> JSONValue {
    let facts = facts[place]
    var values: [String: JSONValue] = [:]
    if facts.isProtected { values["protected"] = .bool(true) }
    if let quality = Self.quality(of: images[place], measure) {
      values["quality"] = .double(Self.rounded(quality))
    }
    if measure == .network, let sharpness = images[place].facts.sharpness {
      values["sharpness"] = .double(Self.rounded(sharpness))
    }
    if let pixels = facts.pixels { values["pixels"] = .int(pixels) }
    if let centrality = facts.centrality { values["centrality"] = .double(centrality) }
    if let cosine = facts.prototypeSimilarity { values["prototype"] = .double(cosine) }
    return .object(values)
  }

  /// The network's scores only where every picture has one, and all of the same network.
  private static func measure(of images: [ImageRecord]) -> Measure {
    let encoders = Set(
      images.filter { $0.facts.digest != nil }
        .map { $0.facts.quality == nil ? nil : $0.facts.qualityEncoder })
    guard encoders.count == 1, encoders.first != .some(nil) else { return .sharpness }
    return .network
  }

  private static func quality(of image: ImageRecord, _ measure: Measure) -> Double? {
    measure == .network ? image.facts.quality : image.facts.sharpness
  }

  /// Coarse enough that rounding does not decide: fiftieths of a score in 0...1, within these steps
  /// of about 20 % of the sharpness.
  private static func grade(of image: ImageRecord, _ measure: Measure) -> Double? {
    let sharpness = image.facts.sharpness.map(sharpnessGrade)
    guard measure == .network else { return sharpness }
    guard let score = image.facts.quality, score.isFinite else { return nil }
    // A sharpness grade is far below 1000.
    return (score * 50).rounded(.down) + (sharpness ?? 0) / 1000
  }

  private static func sharpnessGrade(_ value: Double) -> Double {
    guard value > 1, value.isFinite else { return 0 }
    let exponent = Double(value.exponent) + (value.significand - 1)
    return (exponent * 4).rounded(.down)
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
