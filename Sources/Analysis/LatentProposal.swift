public import Domain
import LinearAlgebra

/// Latents near a latent.
public enum LatentProposal {
  /// `count` latents around `latent`: (z + r g) / √(1 + r²) with g drawn from N(0, 1).
  ///
  /// Where z is distributed N(0, 1) so is every proposal, whatever the radius: 0 repeats z, 1 keeps a
  /// cosine of about 0.71 to it, a large radius forgets it (the autoregressive proposal of Neal, 1998).
  /// Same seed, round and latent: same bytes.
  /// - Parameters:
  ///   - radius: standard deviations of the step; below 0 counts as 0.
  ///   - round: separates the draws of one search from each other.
  /// - Precondition: `latent` is not empty and `count >= 0`.
  public static func around(
    _ latent: [Float], radius: Double, seed: UInt64, round: Int, count: Int
  ) -> Vectors {
    precondition(!latent.isEmpty && count >= 0)
    let seed = Seed.derived(from: "latent proposal", parent: seed)
    let random = CounterRandom(seed: seed, stream: UInt64(bitPattern: Int64(round)))
    let radius = max(0, radius)
    let scale = 1 / (1 + radius * radius).squareRoot()
    let steps = random.gaussians(count: count * latent.count)
    let values = steps.indices.map { place in
      Float(scale * (Double(latent[place % latent.count]) + radius * Double(steps[place])))
    }
    return Vectors(count: count, width: latent.count, values: values)
  }
}
