internal import Domain
internal import Inference

/// MTCNN's first network: looks at every 12 × 12 window of a picture at falling sizes.
final class ProposalNet: Sendable {
  private let session: Session
  private let input: String

  /// Windows are 12 × 12 pixels, 2 apart.
  private static let cell = 12
  private static let stride = 2
  /// Between two sizes of the picture: about half the area.
  private static let factor = 0.709
  private static let threshold: Float = 0.6

  init(session: consuming Session, input: String, model: String) throws {
    let check = PortCheck(model: "\(model)/pnet")
    try check.pictureInput(session.inputs, name: input, width: nil, height: nil)
    try check.find(session.outputs, "probability", "output")
    try check.find(session.outputs, "offsets", "output")
    self.session = session
    self.input = input
  }

  /// Square boxes, from 1 as the cascade counts pixels.
  func boxes(_ planes: AreaPlanes, smallest: Double) throws -> [CandidateBox] {
    let (width, height) = (planes.picture.width, planes.picture.height)
    var found: [Proposal] = []
    for scale in Self.scales(shorter: min(width, height), smallest: smallest) {
      let all = try proposals(planes, scale: scale)
      found += CandidateBox.suppressed(all.map(\.box), limit: 0.5).map { all[$0] }
    }
    return CandidateBox.suppressed(found.map(\.box), limit: 0.7).map { index in
      found[index].box.moved(by: found[index].offsets[...], extra: 0).squared
    }
  }

  static func scales(shorter: Int, smallest: Double) -> [Double] {
    var scales: [Double] = []
    var scale = Double(cell) / smallest
    var side = Double(shorter) * scale
    while side >= Double(cell) {
      scales.append(scale)
      scale *= factor
      side *= factor
    }
    return scales
  }

  private struct Proposal {
    var box: CandidateBox
    var offsets: [Float]
  }

  private func proposals(_ planes: AreaPlanes, scale: Double) throws -> [Proposal] {
    let picture = planes.picture
    // The original adds 1 before it cuts off the fraction.
    let width = Int(Double(picture.width) * scale + 1)
    let height = Int(Double(picture.height) * scale + 1)
    var pixels: [Float] = []
    planes.append(
      .init(x: 0..<picture.width, y: 0..<picture.height), width: width, height: height,
      to: &pixels)
    let answers = try session.run(
      [NamedTensor(input, Tensor(shape: [1, 3, height, width], pixels))],
      outputs: ["probability", "offsets"])
    guard answers.count == 2, let scores = answers[0].floats, let offsets = answers[1].floats,
      answers[0].shape.count == 4, offsets.count == 4 * scores.count
    else {
      throw EncodingError(.networkUnfit, "the proposal network's outputs do not fit together")
    }
    return Self.windows(scores, offsets, columns: answers[0].shape[3], scale: scale)
  }

  private static func windows(
    _ scores: [Float], _ offsets: [Float], columns: Int, scale: Double
  ) -> [Proposal] {
    scores.indices.filter { scores[$0] >= threshold }.map { index in
      let x = Double(index % columns * stride)
      let y = Double(index / columns * stride)
      let box = CandidateBox(
        x1: ((x + 1) / scale).rounded(.down), y1: ((y + 1) / scale).rounded(.down),
        x2: ((x + Double(cell)) / scale).rounded(.down),
        y2: ((y + Double(cell)) / scale).rounded(.down), score: scores[index])
      return Proposal(box: box, offsets: (0..<4).map { offsets[$0 * scores.count + index] })
    }
  }
}
