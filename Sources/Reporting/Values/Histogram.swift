public import Domain

/// Distributions over one axis, drawn on top of each other, with thresholds marked.
public struct Histogram: Hashable, Codable, Sendable {
  public var title: String
  /// What the horizontal axis shows with its unit, e.g. `cosine similarity`.
  public var axis: String
  /// What one count is, a plural noun: `pairs`, `images`.
  public var unit: String
  /// The axis runs from `lower` to `upper`; every series cuts it into bins of equal width.
  public var lower: Double
  public var upper: Double
  public var series: [HistogramSeries]
  public var thresholds: [ThresholdMark]

  public init(
    title: String, axis: String, unit: String, lower: Double, upper: Double,
    series: [HistogramSeries], thresholds: [ThresholdMark] = []
  ) {
    self.title = title
    self.axis = axis
    self.unit = unit
    self.lower = lower
    self.upper = upper
    self.series = series
    self.thresholds = thresholds
  }
}

/// One distribution of a histogram. Series are drawn as shares of their own total, so that a thousand
/// genuine pairs can be seen beside ten million impostor pairs.
public struct HistogramSeries: Hashable, Codable, Sendable {
  /// What the series is; it fixes the colour.
  public enum Role: Hashable, Codable, Sendable {
    case genuine
    case impostor
    case leakCandidate
    case population(Population)
  }

  public var name: String
  public var role: Role
  /// One count per bin, from `lower` upwards.
  public var counts: [Int]

  public init(name: String, role: Role, counts: [Int]) {
    self.name = name
    self.role = role
    self.counts = counts
  }

  /// All counts together.
  public var total: Int { counts.reduce(0, +) }
}

/// A threshold drawn as an upright line.
public struct ThresholdMark: Hashable, Codable, Sendable {
  public var value: Double
  /// What the threshold decides, e.g. `leak`.
  public var label: String
  /// The measured false-match rate at `value`, where one was measured.
  public var falseMatchRate: Double?

  public init(value: Double, label: String, falseMatchRate: Double? = nil) {
    self.value = value
    self.label = label
    self.falseMatchRate = falseMatchRate
  }
}
