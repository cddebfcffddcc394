/// How much of a latent is left after each of the training steps: ᾱ_t, the cumulative product of
/// 1 − β_t, with β_t the square of a linear ramp from √start to √end ("scaled linear").
///
/// ᾱ is kept in float32, ramp and products rounded where PyTorch rounds them, so that every value
/// has the very bits of the reference library; what follows from it is computed in double.
/// Sources: Ho, Jain and Abbeel, NeurIPS 2020; Rombach et al., CVPR 2022; diffusers 0.35.
public struct NoiseSchedule: Equatable, Sendable {
  /// ᾱ_t for t in 0 ..< `trainingSteps`, falling.
  public let alphasCumprod: [Float]
  /// β of the first and of the last training step.
  public let betas: ClosedRange<Double>
  /// Added to the timesteps that are spaced from the bottom (DDIM).
  public let stepsOffset: Int

  /// The constants of Stable Diffusion 1.5.
  public static let standard = NoiseSchedule()

  /// - Precondition: `trainingSteps` is at least 2, betas lie in 0 ..< 1, the offset is not negative.
  public init(
    betas: ClosedRange<Double> = 0.00085...0.012, trainingSteps: Int = 1000, stepsOffset: Int = 1
  ) {
    precondition(trainingSteps >= 2 && betas.lowerBound >= 0 && betas.upperBound < 1)
    precondition(stepsOffset >= 0)
    self.betas = betas
    self.stepsOffset = stepsOffset
    let start = Float(betas.lowerBound.squareRoot())
    let end = Float(betas.upperBound.squareRoot())
    let stride = (end - start) / Float(trainingSteps - 1)
    var product = 1.0
    alphasCumprod = (0..<trainingSteps).map { step in
      // The ramp is computed from the nearer end, each value rounded once.
      let root =
        step < trainingSteps / 2
        ? Float(Double(start) + Double(stride) * Double(step))
        : Float(Double(end) - Double(stride) * Double(trainingSteps - 1 - step))
      product *= Double(1 - root * root)
      return Float(product)
    }
  }

  public var trainingSteps: Int { alphasCumprod.count }

  /// ᾱ_t; below 0 it is ᾱ_0, as in pipelines whose last step does not assume ᾱ = 1.
  func alpha(at timestep: Int) -> Double { Double(alphasCumprod[max(0, timestep)]) }

  /// σ = √((1 − ᾱ) / ᾱ).
  func sigma(at timestep: Int) -> Double {
    let alpha = alpha(at: timestep)
    return ((1 - alpha) / alpha).squareRoot()
  }
}
