public import Domain
public import OpenInference

/// What a served generator is and how it is driven.
public struct RemoteDescription: Equatable, Sendable {
  public var name: String
  /// SHA-256, in hex, over everything known to change its pictures; not where it is served.
  public var digest: String
  public var driven: GeneratorInput
  /// The input that takes the vectors, FP32 [N, width].
  public var input: String
  /// The input that takes the seeds, INT64; nil where there is none.
  public var seed: String?
  public var output: String
  /// Pixels.
  public var width: Int
  public var height: Int
  /// The values of black and white where pictures come as floats.
  public var range: ClosedRange<Float>?
  /// Settings sent with every request.
  public var parameters: [String: WireParameter]
  /// Most pictures of one request; nil for 8, or what the server takes.
  public var batch: Int?

  public init(name: String, digest: String, driven: GeneratorInput) {
    self.name = name
    self.digest = digest
    self.driven = driven
    input = "z"
    output = "image"
    width = 64
    height = 64
    parameters = [:]
  }
}
