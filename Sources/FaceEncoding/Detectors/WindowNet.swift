internal import Domain
internal import Inference

/// MTCNN's second and third network: look again at windows cut from the picture.
final class WindowNet: Sendable {
  private let session: Session
  private let stage: Stage
  private let name: String

  struct Stage {
    var input: String
    /// Pixels of the square the network takes.
    var side: Int
    /// Whether it places landmarks.
    var landmarks: Bool
  }

  /// What the network says about one box.
  struct Answer {
    /// As it went in; its score is that of the stage before.
    var box: CandidateBox
    var score: Float
    /// x1, y1, x2, y2 in parts of the sides plus 1.
    var offsets: ArraySlice<Float>
    /// Five x, then five y, in parts of the sides plus 1; empty without landmarks.
    var landmarks: ArraySlice<Float>

    var scored: CandidateBox { box.scored(score) }

    /// In pixels from 0.
    var landmarkPoints: [Point] {
      let first = landmarks.startIndex
      return (0..<landmarks.count / 2).map { index in
        Point(
          x: box.x1 + Double(landmarks[first + index]) * (box.width + 1) - 1,
          y: box.y1 + Double(landmarks[first + 5 + index]) * (box.height + 1) - 1)
      }
    }
  }

  /// Windows per run, so that a crowded picture does not need unbounded memory.
  private static let batch = 64

  init(session: consuming Session, stage: Stage, model: String) throws {
    name = "\(model)/\(stage.landmarks ? "onet" : "rnet")"
    let check = PortCheck(model: name)
    try check.pictureInput(
      session.inputs, name: stage.input, width: stage.side, height: stage.side)
    try check.rowOutput(session.outputs, name: "probability", width: 1)
    try check.rowOutput(session.outputs, name: "offsets", width: 4)
    if stage.landmarks { try check.rowOutput(session.outputs, name: "landmarks", width: 10) }
    self.session = session
    self.stage = stage
  }

  /// One answer per box that reaches into the picture, in order.
  func run(_ boxes: [CandidateBox], _ planes: AreaPlanes) throws -> [Answer] {
    let parts = boxes.compactMap { box in box.part(of: planes.picture).map { (box, $0) } }
    var answers: [Answer] = []
    for start in Swift.stride(from: 0, to: parts.count, by: Self.batch) {
      answers += try answer(parts[start..<min(start + Self.batch, parts.count)], planes)
    }
    return answers
  }

  private func answer(
    _ parts: ArraySlice<(CandidateBox, AreaPlanes.Part)>, _ planes: AreaPlanes
  ) throws -> [Answer] {
    let side = stage.side
    var pixels: [Float] = []
    pixels.reserveCapacity(parts.count * 3 * side * side)
    for (_, part) in parts { planes.append(part, width: side, height: side, to: &pixels) }
    let names = ["probability", "offsets"] + (stage.landmarks ? ["landmarks"] : [])
    let outputs = try session.run(
      [NamedTensor(stage.input, Tensor(shape: [parts.count, 3, side, side], pixels))],
      outputs: names
    ).compactMap(\.floats)
    guard outputs.count == names.count, outputs[0].count == parts.count,
      outputs[1].count == 4 * parts.count,
      outputs.last?.count == parts.count * (stage.landmarks ? 10 : 4)
    else {
      throw EncodingError(.networkUnfit, "network \(name) gave outputs of the wrong size")
    }
    return parts.enumerated().map { index, part in
      Answer(
        box: part.0, score: outputs[0][index], offsets: outputs[1][4 * index..<4 * index + 4],
        landmarks: stage.landmarks ? outputs[2][10 * index..<10 * index + 10] : [])
    }
  }
}

extension CandidateBox {
  func scored(_ score: Float) -> CandidateBox {
    var box = self
    box.score = score
    return box
  }

  /// The pixels of the box, which counts them from 1, that lie in the picture; nil where none do.
  func part(of picture: Picture) -> AreaPlanes.Part? {
    let limit = 1e6
    guard [x1, y1, x2, y2].allSatisfy({ abs($0) < limit }) else { return nil }
    let left = max(Int(x1), 1)
    let top = max(Int(y1), 1)
    let right = min(Int(x2), picture.width)
    let bottom = min(Int(y2), picture.height)
    guard right >= left, bottom >= top else { return nil }
    return AreaPlanes.Part(x: left - 1..<right, y: top - 1..<bottom)
  }
}
