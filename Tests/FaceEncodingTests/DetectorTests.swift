import Domain
import FaceEncoding
import Imaging
import Inference
import Testing

@Suite(.enabled(if: Installed.hasShared, Installed.sharedAdvice))
struct DetectorTests {
  private static let portraits = [
    "data/near-duplicates/obama-240p.jpg", "data/real-labelled/celeba-07233/1.jpg",
  ]

  private func eyeDistance(_ landmarks: FiveLandmarks) -> Double {
    Drawing.distance(landmarks.leftEye, landmarks.rightEye)
  }

  /// The largest distance between two sets of landmarks, in eye distances of the first.
  private func disagreement(_ a: FiveLandmarks, _ b: FiveLandmarks) -> Double {
    let distances = zip(a.points, b.points).map(Drawing.distance)
    return (distances.max() ?? .infinity) / eyeDistance(a)
  }

  private func portraits() throws -> [Picture] {
    try Self.portraits.map(Installed.picture)
  }

  @Test func `a found face is upright and sure`() throws {
    for (name, detector) in try Installed.detectors() {
      for picture in try portraits() {
        let face = try #require(try detector.locate(picture), "\(name)")
        let at = face.landmarks
        #expect(at.leftEye.x < at.rightEye.x && at.leftMouth.x < at.rightMouth.x, "\(name)")
        #expect(at.nose.y > at.leftEye.y && at.leftMouth.y > at.nose.y, "\(name)")
        #expect(face.confidence > 0.7 && face.confidence <= 1, "\(name)")
        #expect(face.facesInPicture >= 1, "\(name)")
      }
    }
  }

  @Test func `landmarks follow a picture that is turned, moved and resized`() throws {
    let changes = [
      SimilarityTransform(a: 1, b: 0, tx: 17, ty: 9),
      SimilarityTransform(a: 0.7, b: 0, tx: 30, ty: 20),
      SimilarityTransform(a: 1.1, b: 0.2, tx: 40, ty: -10),
    ]
    for (name, detector) in try Installed.detectors() {
      let picture = try portraits()[1]
      let face = try #require(try detector.locate(picture)).landmarks
      for change in changes {
        let moved = picture.warped(
          by: change, width: picture.width + 60, height: picture.height + 60, border: .grey)
        let found = try #require(try detector.locate(moved), "\(name) \(change)").landmarks
        let expected = Drawing.landmarks(face.points.map(change.apply))
        #expect(disagreement(expected, found) < 0.12, "\(name) \(change)")
      }
    }
  }

  @Test func `the mirrored picture gives mirrored landmarks`() throws {
    for (name, detector) in try Installed.detectors() {
      let picture = try portraits()[1]
      let face = try #require(try detector.locate(picture)).landmarks.points
      let mirror = try #require(try detector.locate(picture.mirrored())).landmarks
      let last = Double(picture.width - 1)
      let expected = [1, 0, 2, 4, 3].map { Point(x: last - face[$0].x, y: face[$0].y) }
      #expect(disagreement(Drawing.landmarks(expected), mirror) < 0.12, "\(name)")
    }
  }

  @Test(.enabled(if: Installed.hasMTCNN, Installed.installAdvice))
  func `two detectors agree`() throws {
    let (yuNet, mtcnn) = (try Installed.yuNet(), try Installed.mtcnn())
    for picture in try portraits() {
      let one = try #require(try yuNet.locate(picture)).landmarks
      let other = try #require(try mtcnn.locate(picture)).landmarks
      #expect(disagreement(one, other) < 0.2)
    }
  }

  @Test func `there is no face in a flat, tiny or patterned picture`() throws {
    let pictures = [
      Picture(width: 300, height: 200, red: 120, green: 90, blue: 80),
      Picture(width: 1, height: 1, red: 0, green: 0, blue: 0),
      Picture(width: 5000, height: 1, red: 0, green: 0, blue: 0),
      Drawing.gradient(width: 200, height: 260),
    ]
    for (name, detector) in try Installed.detectors() {
      for picture in pictures { #expect(try detector.locate(picture) == nil, "\(name)") }
    }
  }

  @Test func `the same picture gives the same answer, also from four threads at once`() async throws
  {
    for (name, detector) in try Installed.detectors() {
      let pictures = try portraits()
      let expected = try pictures.map(detector.locate)
      try await withThrowingTaskGroup(of: [LocatedFace?].self) { group in
        for _ in 0..<4 {
          group.addTask { @concurrent in try pictures.map { try detector.locate($0) } }
        }
        for try await answer in group { #expect(answer == expected, "\(name)") }
      }
    }
  }

  @Test func `a model of another kind is refused`() throws {
    let runtime = try #require(Installed.runtime)
    let error = #expect(throws: EncodingError.self) {
      try DetectorFactory.open(Installed.dlib(), runtime: runtime)
    }
    #expect(error?.message == "model sample is of kind onnx, not a detector")
  }
}
