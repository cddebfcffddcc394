/// A DCGAN's network and how it is driven.
public struct DCGANDescription: Equatable, Sendable {
  public var name: String
  /// SHA-256, in hex, over weights and settings.
  public var digest: String
  /// The network's input and output.
  public var input: String
  public var output: String
  /// Values per latent vector.
  public var latentWidth: Int
  /// Pixels.
  public var width: Int
  public var height: Int
  /// The output values of black and white.
  public var range: ClosedRange<Float>

  /// A DCGAN of 64 × 64 pictures in −1...1 from 100 latent values, until told otherwise.
  public init(name: String, digest: String) {
    self.name = name
    self.digest = digest
    input = "z"
    output = "image"
    latentWidth = 100
    width = 64
    height = 64
    range = -1...1
  }
}
