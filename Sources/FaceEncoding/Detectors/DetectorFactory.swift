public import Domain
public import Inference

/// Opens detectors by the kind their manifest names.
public enum DetectorFactory {
  /// - Throws: as the detectors' initialisers; `networkUnfit` for a model of another role.
  public static func open(
    _ model: InstalledModel, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws -> any FaceLocator {
    switch model.manifest.kind {
    case .mtcnn: try MTCNNDetector(model, options: options, runtime: runtime)
    case .yunet: try YuNetDetector(model, options: options, runtime: runtime)
    case .onnx, .dcgan, .diffusion, .remote, .exec:
      throw EncodingError(
        .networkUnfit, "model \(model.name) is of kind \(model.manifest.kind), not a detector")
    }
  }
}
