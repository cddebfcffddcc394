internal import Glibc

/// DPM-Solver++ 2M: the predicted picture, extrapolated from this step's and the last one's.
///
/// σ = √((1 − ᾱ)/ᾱ), α = 1/√(1 + σ²), λ = −ln σ, x₀ = (x − σα·ε)/α, h = λ' − λ.
/// First order: x' = (σ'α'/σα)·x − α'(e^−h − 1)·x₀. Second order subtracts
/// ½·α'(e^−h − 1)·(x₀ − x₀ before)·h/h before. The first step has no history and the last one ends at
/// σ' = 0: both are first order. Timesteps are spread evenly from the top, rounded half to even.
/// Source: Lu et al., *DPM-Solver++*, 2022, Algorithm 2; diffusers' DPMSolverMultistepScheduler with
/// `linspace` spacing and final sigma 0.
public struct DPMSolverSampler: DiffusionSampler {
  public let timesteps: [Int]
  /// σ before each step, and 0 after the last.
  public let sigmas: [Double]

  /// - Precondition: `steps` is one that `DiffusionScheduler` allows.
  public init(steps: Int, schedule: NoiseSchedule = .standard) {
    let top = Double(schedule.trainingSteps - 1)
    timesteps = (1...steps).reversed().map { place in
      Int((top / Double(steps) * Double(place)).rounded(.toNearestOrEven))
    }
    sigmas = timesteps.map { schedule.sigma(at: $0) } + [0]
  }

  public var takesNoise: Bool { false }

  public func move(_ index: Int) -> DiffusionMove {
    let (sigma, next) = (sigmas[index], sigmas[index + 1])
    let alpha = 1 / (1 + sigma * sigma).squareRoot()
    let nextAlpha = 1 / (1 + next * next).squareRoot()
    // e^−h = σ'/σ.
    let aim = -nextAlpha * (next / sigma - 1)
    var trend = 0.0
    if index > 0, index + 1 < timesteps.count {
      trend = 0.5 * aim * log(sigma / next) / log(sigmas[index - 1] / sigma)
    }
    return DiffusionMove(
      share: Float(sigma * alpha), signal: Float(alpha),
      keep: Float(next * nextAlpha / (sigma * alpha)), aim: Float(aim), trend: Float(trend))
  }
}
