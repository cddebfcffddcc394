public import Domain

/// What was measured of one generated candidate. A measure that does not apply is nil.
public struct CandidateMeasures: Equatable, Sendable {
  /// To the prototype of its own identity.
  public var own: CosineSimilarity
  /// To the nearest prototype of another identity.
  public var nearestOther: CosineSimilarity?
  /// To the nearest reference image.
  public var leak: CosineSimilarity?
  /// To the nearest image that is there already.
  public var duplicate: CosineSimilarity?
  /// Variance of the Laplacian or whatever measure the floor was set in.
  public var sharpness: Double?

  public init(
    own: CosineSimilarity, nearestOther: CosineSimilarity? = nil, leak: CosineSimilarity? = nil,
    duplicate: CosineSimilarity? = nil
  ) {
    self.own = own
    self.nearestOther = nearestOther
    self.leak = leak
    self.duplicate = duplicate
  }
}

/// The gate's answer about one candidate.
public enum GateVerdict: Equatable, Sendable {
  case accepted
  case rejected(GateReason)
}

/// The first test a candidate failed. `text` is stable and holds both numbers.
public struct GateReason: Equatable, Sendable {
  /// The gate that a candidate failed at.
  public enum Test: String, Codable, Sendable, CaseIterable {
    /// There are enough pictures like it; `GateRule` does not look at this.
    case spread
    case unlikeItsIdentity = "unlike-its-identity"
    case nearAnotherIdentity = "near-another-identity"
    case leak
    case duplicate
    case blurred
  }

  public var test: Test
  public var measured: Double
  public var limit: Double

  public init(test: Test, measured: Double, limit: Double) {
    self.test = test
    self.measured = measured
    self.limit = limit
  }

  /// E.g. "leak: 0.612, limit 0.480".
  public var text: String {
    "\(test.rawValue): \(measured.threeDigits), limit \(limit.threeDigits)"
  }
}

/// What a generated candidate must pass to enter the dataset.
public struct GateRule: Equatable, Sendable {
  /// Own similarity must reach this.
  public var ownFloor: CosineSimilarity
  /// Own similarity must exceed the nearest other identity's by more than this.
  public var margin: Float
  /// Similarity to every reference image must stay below this.
  public var leakFloor: CosineSimilarity
  /// Similarity to every present image must stay below this.
  public var duplicateFloor: CosineSimilarity
  /// Sharpness must reach this; nil switches the test off.
  public var sharpnessFloor: Double?

  public init(
    ownFloor: CosineSimilarity, margin: Float, leakFloor: CosineSimilarity,
    duplicateFloor: CosineSimilarity
  ) {
    self.ownFloor = ownFloor
    self.margin = margin
    self.leakFloor = leakFloor
    self.duplicateFloor = duplicateFloor
  }

  /// The first failed test in the order of `GateReason.Test`, or accepted. NaN fails its test; a
  /// missing measure passes it.
  public func verdict(_ candidate: CandidateMeasures) -> GateVerdict {
    let reason =
      unlike(candidate.own) ?? nearAnother(candidate.nearestOther, own: candidate.own)
      ?? leaks(candidate.leak) ?? duplicates(candidate.duplicate)
      ?? candidate.sharpness.flatMap(blurred)
    return reason.map { .rejected($0) } ?? .accepted
  }

  /// Nil where the similarity to the own identity suffices.
  public func unlike(_ own: CosineSimilarity) -> GateReason? {
    own.value >= ownFloor.value ? nil : reason(.unlikeItsIdentity, own.value, ownFloor.value)
  }

  /// Nil where no other identity is too near.
  public func nearAnother(_ other: CosineSimilarity?, own: CosineSimilarity) -> GateReason? {
    guard let other = other?.value, !(own.value > other + margin) else { return nil }
    return reason(.nearAnotherIdentity, other, own.value - margin)
  }

  /// Nil where no reference image is too similar.
  public func leaks(_ leak: CosineSimilarity?) -> GateReason? {
    guard let leak = leak?.value, !(leak < leakFloor.value) else { return nil }
    return reason(.leak, leak, leakFloor.value)
  }

  /// Nil where no present image is too similar.
  public func duplicates(_ duplicate: CosineSimilarity?) -> GateReason? {
    guard let near = duplicate?.value, !(near < duplicateFloor.value) else { return nil }
    return reason(.duplicate, near, duplicateFloor.value)
  }

  /// Nil where the picture is sharp enough, or the test is switched off.
  public func blurred(_ sharpness: Double) -> GateReason? {
    guard let floor = sharpnessFloor, !(sharpness >= floor) else { return nil }
    return GateReason(test: .blurred, measured: sharpness, limit: floor)
  }

  private func reason(_ test: GateReason.Test, _ measured: Float, _ limit: Float) -> GateReason {
    GateReason(test: test, measured: Double(measured), limit: Double(limit))
  }
}
