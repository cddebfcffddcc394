internal import Cryptography
public import Domain
public import Inference

/// The three-network cascade of Zhang et al., Joint Face Detection and Alignment using Multi-task
/// Cascaded Convolutional Networks (IEEE SPL 2016), with the steps and constants of the package
/// facenet-pytorch: windows are proposed at every size, refined, and given five landmarks.
public final class MTCNNDetector: FaceLocator {
  public let digest: String
  private let proposals: ProposalNet
  private let refinement: WindowNet
  private let output: WindowNet
  private let mean: Float
  private let std: Float

  static let refinementThreshold: Float = 0.7
  static let outputThreshold: Float = 0.7
  private static let refinementSide = 24
  private static let outputSide = 48

  /// Opens a model of kind `mtcnn`.
  ///
  /// - Throws: `fileDamaged`, `InferenceError`, or `networkUnfit` where a network does not have
  ///   the input and outputs of its stage.
  public init(
    _ model: InstalledModel, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws {
    guard model.manifest.kind == .mtcnn else {
      throw EncodingError(.networkUnfit, "model \(model.name) is not of kind mtcnn")
    }
    let input = model.manifest.input
    mean = Float(input.mean[0])
    std = Float(input.std[0])
    proposals = try ProposalNet(
      session: try model.session(of: "pnet", options: options, runtime: runtime),
      input: input.name, model: model.name)
    refinement = try WindowNet(
      session: try model.session(of: "rnet", options: options, runtime: runtime),
      stage: .init(input: input.name, side: Self.refinementSide, landmarks: false),
      model: model.name)
    output = try WindowNet(
      session: try model.session(of: "onet", options: options, runtime: runtime),
      stage: .init(input: input.name, side: Self.outputSide, landmarks: true), model: model.name)
    digest = SHA256.hex(
      of: "d2r-mtcnn 1\nframe \(DetectionFrame.version)\n"
        + "smallest \(SmallestFace.version)\n\(model.digest)\n")
  }

  public func locate(_ picture: Picture) throws -> LocatedFace? {
    let frame = DetectionFrame(picture)
    let faces = try faces(
      in: frame.picture, smallest: SmallestFace.side(width: frame.innerWidth, frame.innerHeight))
    return LargestFace.pick(faces, in: frame)
  }

  /// Every face of a picture whose sides are at least `smallest` pixels, most probable first.
  func faces(in picture: Picture, smallest: Double) throws -> [FoundFace] {
    let planes = AreaPlanes(picture: picture, mean: mean, std: std)
    var boxes = try proposals.boxes(planes, smallest: smallest)
    boxes = try refined(boxes, planes)
    return try finished(boxes, planes)
  }

  private func refined(_ boxes: [CandidateBox], _ planes: AreaPlanes) throws -> [CandidateBox] {
    let answers = try refinement.run(boxes, planes).filter { $0.score > Self.refinementThreshold }
    return CandidateBox.suppressed(answers.map(\.scored), limit: 0.7).map { index in
      answers[index].box.moved(by: answers[index].offsets, extra: 1).squared
        .scored(answers[index].score)
    }
  }

  private func finished(_ boxes: [CandidateBox], _ planes: AreaPlanes) throws -> [FoundFace] {
    let answers = try output.run(boxes, planes).filter { $0.score > Self.outputThreshold }
    let moved = answers.map { $0.scored.moved(by: $0.offsets, extra: 1) }
    return CandidateBox.suppressed(moved, limit: 0.7, .smaller).map { index in
      FoundFace(box: moved[index], landmarks: answers[index].landmarkPoints)
    }
  }
}

/// The smallest face worth looking for. Only the largest face of a picture is used, so looking
/// for tiny ones costs time and finds passers-by.
enum SmallestFace {
  /// Part of the detector's digest: raise it when a side below changes.
  static let version = 1
  /// No face below this many pixels has landmarks worth aligning by.
  private static let least = 20.0

  /// Of a picture of these sides as the detector sees it, without its margin.
  static func side(width: Int, _ height: Int) -> Double {
    let short = Double(min(width, height))
    return max(least, short <= 400 ? short / 5 : short / 10)
  }
}
