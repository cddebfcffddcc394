/// Walks a latent from noise to a picture's latent: what to ask the network at each step, and how
/// the latent moves for its answer. Pure: no clock, no randomness of its own.
public protocol DiffusionSampler: Sendable {
  /// What the network is told at each step, falling; one entry per step.
  var timesteps: [Int] { get }
  /// True where noise is added after every step but the last.
  var takesNoise: Bool { get }
  /// How each value of the latent moves at step `index`, counted from 0.
  func move(_ index: Int) -> DiffusionMove
}

/// Which sampler, by the name the command line knows it by.
public enum DiffusionScheduler: String, CaseIterable, Sendable {
  /// DPM-Solver++ of second order, multistep, midpoint (Lu et al., 2022).
  case dpmSolver = "dpm-solver"
  /// Latent consistency models, for networks distilled to few steps (Luo et al., 2023).
  case lcm
  /// DDIM without added noise (Song, Meng and Ermon, ICLR 2021).
  case ddim

  /// Steps where nobody says otherwise.
  public var usualSteps: Int { self == .lcm ? 4 : 25 }
  /// Guidance where nobody says otherwise; distilled networks were trained with theirs built in.
  public var usualGuidance: Double { self == .lcm ? 1 : 3 }

  /// The numbers of steps it can take.
  public func stepsAllowed(_ schedule: NoiseSchedule = .standard) -> ClosedRange<Int> {
    switch self {
    case .dpmSolver: 1...schedule.trainingSteps - 1
    case .lcm: 1...min(LCMSampler.originalSteps, schedule.trainingSteps)
    case .ddim: 1...max(1, schedule.trainingSteps - max(1, schedule.stepsOffset))
    }
  }

  /// The sampler.
  ///
  /// - Throws: `settingsUnfit` for a number of steps it cannot take.
  public func sampler(
    steps: Int, schedule: NoiseSchedule = .standard
  ) throws -> any DiffusionSampler {
    let allowed = stepsAllowed(schedule)
    guard allowed.contains(steps) else {
      throw GenerationError(
        .settingsUnfit,
        "\(rawValue) takes \(allowed.lowerBound) to \(allowed.upperBound) steps, given \(steps)",
        hint: "the usual number is \(usualSteps)")
    }
    switch self {
    case .dpmSolver: return DPMSolverSampler(steps: steps, schedule: schedule)
    case .lcm: return LCMSampler(steps: steps, schedule: schedule)
    case .ddim: return DDIMSampler(steps: steps, schedule: schedule)
    }
  }
}
