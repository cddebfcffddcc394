internal import Cryptography
public import Domain
internal import Glibc
public import Inference

/// The YuNet detector (Wu et al., YuNet: A Tiny Millisecond-level Face Detector, MIR 2023), read as
/// OpenCV's `FaceDetectorYN` reads it.
public final class YuNetDetector: FaceLocator {
  public let digest: String
  private let session: Session
  private let input: ModelManifest.Input
  private let planes: PixelPlanes
  private let name: String

  /// Pixels between two anchors of a level; the frame's sides are multiples of the last.
  private static let strides = [8, 16, 32]
  private static let scoreThreshold: Float = 0.6
  private static let overlapLimit = 0.3

  /// Opens a model of kind `yunet`.
  ///
  /// - Throws: `fileDamaged`, `InferenceError`, or `networkUnfit` where its inputs and outputs are
  ///   others.
  public init(
    _ model: InstalledModel, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws {
    guard model.manifest.kind == .yunet else {
      throw EncodingError(.networkUnfit, "model \(model.name) is not of kind yunet")
    }
    input = model.manifest.input
    planes = PixelPlanes(input)
    name = model.name
    session = try model.session(options: options, runtime: runtime)
    let check = PortCheck(model: model.name)
    try check.pictureInput(session.inputs, name: input.name, width: nil, height: nil)
    for name in Self.outputs { try check.find(session.outputs, name, "output") }
    digest = SHA256.hex(of: "d2r-yunet 1\nframe \(DetectionFrame.version)\n\(model.digest)\n")
  }

  /// Four outputs per level, level by level.
  private static let outputs = strides.flatMap { stride in
    ["cls", "obj", "bbox", "kps"].map { "\($0)_\(stride)" }
  }

  public func locate(_ picture: Picture) throws -> LocatedFace? {
    let frame = DetectionFrame(picture, multiple: Self.strides.last ?? 1)
    let found = try candidates(in: frame.picture)
    let kept = CandidateBox.suppressed(found.map(\.box), limit: Self.overlapLimit)
    return LargestFace.pick(kept.map { found[$0] }, in: frame)
  }

  private func candidates(in picture: Picture) throws -> [FoundFace] {
    var pixels: [Float] = []
    planes.append(picture, to: &pixels)
    let tensor = Tensor(shape: [1, 3, picture.height, picture.width], pixels)
    let answers = try session.run([NamedTensor(input.name, tensor)], outputs: Self.outputs)
      .compactMap(\.floats)
    var found: [FoundFace] = []
    for (level, stride) in Self.strides.enumerated() {
      let grid = YuNetLevel(
        stride: stride, columns: picture.width / stride, rows: picture.height / stride,
        outputs: Array(answers.dropFirst(4 * level).prefix(4)))
      guard grid.fits else {
        throw EncodingError(
          .networkUnfit, "model \(name) gave outputs of the wrong size at stride \(stride)")
      }
      found += grid.faces(atLeast: Self.scoreThreshold)
    }
    return found
  }
}

/// The answers of one level: one anchor per grid cell.
struct YuNetLevel {
  var stride: Int
  var columns: Int
  var rows: Int
  /// Class score, objectness, box and landmarks, cell by cell.
  var outputs: [[Float]]

  var fits: Bool {
    let cells = columns * rows
    return outputs.map(\.count) == [cells, cells, 4 * cells, 10 * cells]
  }

  /// score = √(cls · obj), each clamped to 0...1.
  func faces(atLeast threshold: Float) -> [FoundFace] {
    (0..<columns * rows).compactMap { cell in
      let product = Self.clamped(outputs[0][cell]) * Self.clamped(outputs[1][cell])
      let score = product.squareRoot()
      return score >= threshold ? face(cell, score) : nil
    }
  }

  /// Centre (cell + offset) · stride and sides exp(size) · stride; landmarks (cell + offset) ·
  /// stride.
  private func face(_ cell: Int, _ score: Float) -> FoundFace {
    let (column, row, unit) = (
      Double(cell % columns), Double(cell / columns), Double(stride)
    )
    let box = outputs[2][4 * cell..<4 * cell + 4].map(Double.init)
    let points = outputs[3][10 * cell..<10 * cell + 10].map(Double.init)
    let centre = Point(x: (column + box[0]) * unit, y: (row + box[1]) * unit)
    let (halfWidth, halfHeight) = (exp(box[2]) * unit / 2, exp(box[3]) * unit / 2)
    return FoundFace(
      box: CandidateBox(
        x1: centre.x - halfWidth, y1: centre.y - halfHeight, x2: centre.x + halfWidth,
        y2: centre.y + halfHeight, score: score),
      landmarks: (0..<5).map { index in
        Point(x: (points[2 * index] + column) * unit, y: (points[2 * index + 1] + row) * unit)
      })
  }

  private static func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }
}
