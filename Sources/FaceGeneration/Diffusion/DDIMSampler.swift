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

  public mutating func step(
    _ index: Int, x: inout MutableSpan<Float>, count: Int, eps: Span<Float>, noise: [Float]
  ) {
    let now = schedule.alpha(at: timesteps[index])
    let next = schedule.alpha(at: timesteps[index] - stride)
    let (share, signal) = (Float((1 - now).squareRoot()), Float(now.squareRoot()))
    let (nextShare, nextSignal) = (Float((1 - next).squareRoot()), Float(next.squareRoot()))
    for place in 0..<count {
      let noise = eps[place]
      let picture = (x[place] - share * noise) / signal
      x[place] = nextSignal * picture + nextShare * noise
    }
  }
}
