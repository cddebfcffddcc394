/// One step of a sampler, for each value of a latent by itself:
/// x' = keep·x + aim·x₀ + trend·(x₀ − x₀ before) + lean·ε + fresh·noise, x₀ = (x − share·ε)/signal.
public struct DiffusionMove: Sendable {
  /// How much noise, and how much picture, the latent holds before the step: √(1 − ᾱ) and √ᾱ.
  var share: Float
  var signal: Float
  var keep: Float = 0
  var aim: Float = 0
  /// Weight of how the predicted picture has changed since the last step.
  var trend: Float = 0
  var lean: Float = 0
  /// Weight of new noise; 0 where the step adds none.
  var fresh: Float = 0

  /// Where the value goes.
  ///
  /// - Parameters:
  ///   - eps: the noise the network sees in it.
  ///   - noise: a number of N(0, 1); without effect where the step adds no noise.
  ///   - predicted: x₀ of the last step, replaced by this one's; any finite number before the first.
  public func next(_ x: Float, eps: Float, noise: Float, predicted: inout Float) -> Float {
    let picture = (x - share * eps) / signal
    let change = picture - predicted
    predicted = picture
    return keep * x + aim * picture + trend * change + lean * eps + fresh * noise
  }
}
