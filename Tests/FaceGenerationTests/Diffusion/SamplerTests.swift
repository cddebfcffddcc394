import FaceGeneration
import Foundation
import Testing

/// Against diffusers 0.35.2; the toy network is eps = 0.1·x + 0.01·t/1000.
@Suite struct SamplerTests {
  private static let runs: [(file: String, scheduler: DiffusionScheduler, steps: Int)] = [
    ("dpmsolverpp2m_25", .dpmSolver, 25), ("dpmsolverpp2m_10", .dpmSolver, 10),
    ("dpmsolverpp2m_4", .dpmSolver, 4), ("lcm_2", .lcm, 2), ("lcm_4", .lcm, 4),
    ("ddim_10", .ddim, 10),
  ]

  @Test(.enabled(if: Goldens.exist, Goldens.advice))
  func `the noise schedule has the reference's very bits`() throws {
    let golden = try Goldens.numbers(
      try Goldens.json("scheduler_alphas_cumprod.json")["alphas_cumprod"])
    #expect(NoiseSchedule.standard.alphasCumprod == golden)
  }

  @Test(.enabled(if: Goldens.exist, Goldens.advice), arguments: runs)
  func `every step of the reference is repeated`(
    file: String, scheduler: DiffusionScheduler, steps: Int
  ) throws {
    let golden = try Goldens.json("scheduler_\(file).json")
    let rows = try #require(golden["x"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    let noise = (golden["noise"] as? [[NSNumber]] ?? []).map { $0.map(\.floatValue) }
    let sampler = try scheduler.sampler(steps: steps)
    #expect(sampler.timesteps == (golden["timesteps"] as? [Int]))
    if let dpm = sampler as? DPMSolverSampler {
      let sigmas = try Goldens.numbers(golden["sigmas"])
      #expect(Goldens.difference(dpm.sigmas.map { Float($0) }, sigmas) < 1e-5)
    }
    var x = rows[0]
    var predicted = x
    for (index, timestep) in sampler.timesteps.enumerated() {
      let eps = x.map { 0.1 * $0 + Float(0.01 * Double(timestep) / 1000) }
      step(&x, sampler.move(index), eps, index < noise.count ? noise[index] : [], &predicted)
      let wanted = rows[index + 1]
      let largest = wanted.map { abs($0) }.max() ?? 1
      #expect(
        Goldens.difference(x, wanted) <= 1e-5 * max(1, largest), "step \(index) of \(file)")
    }
  }

  @Test(arguments: DiffusionScheduler.allCases)
  func `every allowed number of steps falls from noise to a finite picture`(
    _ scheduler: DiffusionScheduler
  ) throws {
    let allowed = scheduler.stepsAllowed()
    for steps in [1, 2, 3, 7, 25, allowed.upperBound] {
      let sampler = try scheduler.sampler(steps: steps)
      let timesteps = sampler.timesteps
      #expect(timesteps.count == steps)
      #expect(zip(timesteps, timesteps.dropFirst()).allSatisfy { $0 > $1 }, "\(steps) steps fall")
      #expect(timesteps.allSatisfy { (0..<1000).contains($0) })
      var x: [Float] = [1, -0.5, 2]
      var predicted = x
      for index in 0..<steps {
        let eps = x.map { $0 * 0.5 }
        step(&x, sampler.move(index), eps, [0.1, 0, -0.1], &predicted)
      }
      #expect(x.allSatisfy { $0.isFinite }, "\(steps) steps")
    }
  }

  @Test(arguments: DiffusionScheduler.allCases)
  func `a number of steps that cannot be taken is refused with the range`(
    _ scheduler: DiffusionScheduler
  ) {
    for steps in [0, -1, scheduler.stepsAllowed().upperBound + 1, 1_000_000] {
      let error = #expect(throws: GenerationError.self) { try scheduler.sampler(steps: steps) }
      #expect(error?.code == .settingsUnfit && error?.message.contains("\(steps)") == true)
    }
  }

  /// With ε the true noise, every sampler ends at the picture it started from.
  @Test(arguments: [DiffusionScheduler.dpmSolver, .ddim])
  func `a perfect network is followed to its picture`(_ scheduler: DiffusionScheduler) throws {
    let picture: [Float] = [0.3, -1.2, 2]
    let noise: [Float] = [1, 0.2, -0.7]
    let alphas = NoiseSchedule.standard.alphasCumprod.map { Double($0) }
    let sampler = try scheduler.sampler(steps: 10)
    let top = alphas[sampler.timesteps[0]]
    var x = zip(picture, noise).map {
      Float(top.squareRoot() * Double($0) + (1 - top).squareRoot() * Double($1))
    }
    var predicted = x
    for index in 0..<10 {
      step(&x, sampler.move(index), noise, [], &predicted)
    }
    // DDIM ends at t = 0, where a little noise is left.
    let left = scheduler == .ddim ? Float((1 - alphas[0]).squareRoot()) : 0
    let signal = scheduler == .ddim ? Float(alphas[0].squareRoot()) : 1
    for place in 0..<3 {
      #expect(abs(x[place] - signal * picture[place] - left * noise[place]) < 1e-4)
    }
  }

  private func step(
    _ x: inout [Float], _ move: DiffusionMove, _ eps: [Float], _ noise: [Float],
    _ predicted: inout [Float]
  ) {
    for place in x.indices {
      x[place] = move.next(
        x[place], eps: eps[place], noise: noise.isEmpty ? 0 : noise[place],
        predicted: &predicted[place])
    }
  }
}
