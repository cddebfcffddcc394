/// DDIM with η = 0: x' = √ᾱ'·(x − √(1 − ᾱ)·ε)/√ᾱ + √(1 − ᾱ')·ε.
///
/// Timesteps lie `trainingSteps / steps` apart from the bottom, moved up by the schedule's offset;
/// the step below 0 uses ᾱ₀. Nothing is clipped.
/// Source: Song, Meng and Ermon, ICLR 2021, equation 12; diffusers' DDIMScheduler with `leading`
/// spacing and `set_alpha_to_one` false.
public struct DDIMSampler: DiffusionSampler {
  public let timesteps: [Int]
  private let stride: Int
  private let schedule: NoiseSchedule

  /// - Precondition: `steps` is one that `DiffusionScheduler` allows.
  public init(steps: Int, schedule: NoiseSchedule = .standard) {
    let stride = schedule.trainingSteps / steps
    self.stride = stride
    self.schedule = schedule
    timesteps = (0..<steps).reversed().map { $0 * stride + schedule.stepsOffset }
  }

  public var takesNoise: Bool { false }

  public func move(_ index: Int) -> DiffusionMove {
    let now = schedule.alpha(at: timesteps[index])
    let next = schedule.alpha(at: timesteps[index] - stride)
    return DiffusionMove(
      share: Float((1 - now).squareRoot()), signal: Float(now.squareRoot()),
      aim: Float(next.squareRoot()), lean: Float((1 - next).squareRoot()))
  }
}
