/// Latent consistency: each step predicts the picture at once, then goes back to the next noise level
/// with fresh noise.
///
/// x₀ = (x − √(1 − ᾱ)·ε)/√ᾱ; the boundary condition blends it with x by
/// c_skip = s²/(τ² + s²) and c_out = τ/√(τ² + s²), τ = 10·t, s = 0.5; then
/// x' = √ᾱ'·d + √(1 − ᾱ')·noise, and x' = d at the last step. Timesteps are chosen evenly from the top
/// of the 50 that the networks were distilled with.
/// Source: Luo et al., *Latent Consistency Models*, 2023; diffusers' LCMScheduler.
public struct LCMSampler: DiffusionSampler {
  public let timesteps: [Int]
  private let schedule: NoiseSchedule

  /// Timesteps the networks were distilled with.
  static let originalSteps = 50
  /// Standard deviation of the data, and the factor on timesteps, in the boundary condition.
  private static let deviation = 0.5
  private static let timestepScale = 10.0

  /// - Precondition: `steps` is one that `DiffusionScheduler` allows.
  public init(steps: Int, schedule: NoiseSchedule = .standard) {
    self.schedule = schedule
    let count = min(Self.originalSteps, schedule.trainingSteps)
    let stride = schedule.trainingSteps / count
    timesteps = (0..<steps).map { step in
      (count - step * count / steps) * stride - 1
    }
  }

  public var takesNoise: Bool { true }

  public func move(_ index: Int) -> DiffusionMove {
    let timestep = timesteps[index]
    let now = schedule.alpha(at: timestep)
    // Nothing is left of the noise after the last step.
    let next = index + 1 < timesteps.count ? schedule.alpha(at: timesteps[index + 1]) : 1
    let scaled = Self.timestepScale * Double(timestep)
    let spread = scaled * scaled + Self.deviation * Self.deviation
    let kept = next.squareRoot()
    return DiffusionMove(
      share: Float((1 - now).squareRoot()), signal: Float(now.squareRoot()),
      keep: Float(kept * Self.deviation * Self.deviation / spread),
      aim: Float(kept * scaled / spread.squareRoot()), fresh: Float((1 - next).squareRoot()))
  }
}
