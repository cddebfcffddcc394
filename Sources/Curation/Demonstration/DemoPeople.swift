import Analysis
import Domain
import LinearAlgebra

/// Invents people for a demonstration: latents of a generator whose pictures show a face.
struct DemoPeople {
  /// Latents tried at once.
  private static let batch = 32

  let generator: any Generator
  let finder: any FaceFinder
  let seed: UInt64

  /// `count` latents of which the detector finds the face; `group` separates the draws.
  func draw(_ count: Int, group: String) throws -> [[Float]] {
    let random = CounterRandom(seed: Seed.derived(from: "people \(group)", parent: seed))
    let width = generator.input.width
    var people: [[Float]] = []
    var next: UInt64 = 0
    while people.count < count {
      let values = random.gaussians(count: Self.batch * width, from: next)
      next += UInt64(Self.batch * width)
      let latents = Vectors(count: Self.batch, width: width, values: values)
      let answers = try generator.pictures(for: PictureOrders(latents: latents))
      for (row, answer) in answers.enumerated() {
        guard people.count < count, let picture = answer.picture, try showsFace(picture) else {
          continue
        }
        people.append(Array(latents[row: row]))
      }
    }
    return people
  }

  /// Pictures of one person: variations of the latent in which the detector finds the face.
  func pictures(
    of latent: [Float], count: Int, spread: ClosedRange<Double>, group: String
  ) throws -> [Picture] {
    let random = CounterRandom(seed: Seed.derived(from: "pictures \(group)", parent: seed))
    var pictures: [Picture] = []
    var attempt = 0
    while pictures.count < count {
      let start = UInt64(attempt * (latent.count + 1))
      attempt += 1
      let t =
        spread.lowerBound
        + (spread.upperBound - spread.lowerBound) * random.uniform(at: start)
      let other = random.gaussians(count: latent.count, from: start + 1)
      let varied = try Slerp.latents(latent, other, t)
      let rows = Vectors(count: 1, width: varied.count, values: varied)
      for answer in try generator.pictures(for: PictureOrders(latents: rows)) {
        if let picture = answer.picture, try showsFace(picture) { pictures.append(picture) }
      }
    }
    return pictures
  }

  private func showsFace(_ picture: Picture) throws -> Bool {
    if case .face(let face, _) = try finder.find(in: picture) {
      face.crop != .assumed
    } else {
      false
    }
  }
}
