import Analysis
import Diagnostics
import Domain

extension FillPlan {
  /// A generator driven by identities takes vectors of just this space.
  static func requireConditioning(
    _ options: FillStep.Options, _ generator: any Generator, in space: Space
  ) throws(CurationError) {
    guard generator.input.kind == .identity else {
      guard options.variation == nil, options.floor == nil else {
        throw CurationError(
          .setting,
          "generator \(generator.name) is driven by latents: its candidates have no variation to choose",
          hint: "leave out --variation and the floor, or choose a generator driven by identities")
      }
      return
    }
    guard generator.input.width == space.width else {
      throw CurationError(
        .badVectors,
        "generator \(generator.name) takes identity vectors of \(generator.input.width) values, "
          + "the workspace's have \(space.width)",
        hint: "choose the identity encoder the generator was trained with, in workspace.json")
    }
  }

  /// What varied identity vectors keep to their prototype: the cosine asked for, else the own-identity
  /// gate's. Nil for a generator driven by latents.
  static func floor(
    _ options: FillStep.Options, _ generator: any Generator, _ own: OperatingPoint,
    in context: StepContext
  ) async throws -> OperatingPoint? {
    guard generator.input.kind == .identity else { return nil }
    guard let choice = options.floor else { return own }
    return try await context.operatingPoint(
      choice, in: context.space(named: Space.identity), cohorts: [.digital, .real, .reference],
      documented: options.documented)
  }

  static func candidateVectors(
    _ options: FillStep.Options, _ parts: FillStep.Parts, _ originals: EmbeddedImages,
    _ points: Points
  ) throws -> CandidateVectors {
    guard parts.generator.input.kind == .identity else { return .latents(options.interpolation) }
    return .identities(
      try IdentityCrowd(originals.unit, identities: originals.identities),
      options.variation ?? .slerp, floor: (points.floor ?? points.own).similarity)
  }
}

extension FillLine {
  /// Starts from the identity's prototype, or says why it cannot.
  mutating func setCentre(_ vectors: CandidateVectors) {
    if let why = vectors.obstacle(to: identity) {
      obstacle = why
    } else {
      centre = vectors.centre(of: identity)
    }
  }
}
