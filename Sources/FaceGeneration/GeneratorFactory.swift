public import Domain
public import Inference

/// Opens generators by their description.
public enum GeneratorFactory {
  /// - Parameter network: the ONNX file's content.
  /// - Throws: `InferenceError` when it is not a network, `networkUnfit` when it is not the one
  ///   described.
  public static func open(
    _ description: GeneratorDescription, network: [UInt8],
    options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws -> any Generator {
    switch description.kind {
    case .dcgan:
      try DCGANGenerator(description, network: network, options: options, runtime: runtime)
    }
  }
}
