import Domain
import FaceEncoding
import Imaging
import Testing

/// Answers with what it was given.
struct FixedLocator: FaceLocator {
  var digest: String { "fixed" }
  var answer: LocatedFace?
  func locate(_ picture: Picture) -> LocatedFace? { answer }
}

struct FaceChainTests {
  private let square = Picture(width: 160, height: 160, red: 1, green: 2, blue: 3)

  private func locator(_ points: [Point]?) -> FixedLocator {
    FixedLocator(
      answer: points.map {
        LocatedFace(landmarks: Drawing.landmarks($0), confidence: 0.9, facesInPicture: 2)
      })
  }

  private func template(_ change: SimilarityTransform = .identity) -> [Point] {
    ArcFaceTemplate.points(width: 160, height: 160).map(change.apply)
  }

  private func kind(_ points: [Point]?, _ policy: CropPolicy, _ picture: Picture) throws
    -> CropKind?
  {
    try FaceChain(locator: locator(points), policy: policy).face(in: picture).face?.crop
  }

  @Test func `landmarks on the template make an aligned crop, elsewhere a detected face`() throws {
    let moved = SimilarityTransform(a: 1, b: 0, tx: 10, ty: 0)
    let grown = SimilarityTransform(a: 1.15, b: 0, tx: -12, ty: -12)
    let turned = SimilarityTransform(a: 0.985, b: 0.174, tx: 15, ty: -13)
    #expect(try kind(template(), .auto, square) == .aligned)
    #expect(try kind(template(.init(a: 1, b: 0, tx: 2, ty: -1)), .auto, square) == .aligned)
    for change in [moved, grown, turned] {
      #expect(try kind(template(change), .auto, square) == .detected)
    }
    #expect(try kind(template(), .detect, square) == .detected)
  }

  @Test func `the crop check measures a planted placement`() throws {
    let change = SimilarityTransform(a: 1.25, b: 0, tx: 0, ty: 0)
    let check = try #require(
      CropCheck(Drawing.landmarks(template(change)), width: 160, height: 160))
    #expect(abs(check.scale - 0.8) < 1e-9)
    #expect(abs(check.rotation) < 1e-9)
    #expect(check.residual < 1e-9)
    let one = Point(x: 1, y: 1)
    #expect(CropCheck(Drawing.landmarks([one, one, one, one, one]), width: 9, height: 9) == nil)
  }

  @Test func `without a found face only auto assumes, and only a small, nearly square picture`()
    throws
  {
    let wide = Picture(width: 250, height: 150, red: 0, green: 0, blue: 0)
    let large = Picture(width: 300, height: 300, red: 0, green: 0, blue: 0)
    #expect(try kind(nil, .auto, square) == .assumed)
    #expect(try kind(nil, .auto, wide) == nil)
    #expect(try kind(nil, .auto, large) == nil)
    #expect(try kind(nil, .detect, square) == nil)
    let outcome = try FaceChain(locator: locator(nil), policy: .detect).face(in: square)
    #expect(outcome == FaceOutcome(.rejected("no face found"), facesInPicture: 0))
  }

  @Test func `aligned and whole ask no detector`() throws {
    for policy in [CropPolicy.aligned, .whole] {
      let outcome = try FaceChain(locator: locator(template()), policy: policy).face(in: square)
      #expect(outcome.face == Face(picture: square, crop: .assumed, landmarks: nil))
      #expect(outcome.facesInPicture == nil)
    }
  }

  @Test func `the count of faces and the confidence are passed on`() throws {
    let outcome = try FaceChain(locator: locator(template()), policy: .auto).face(in: square)
    #expect(outcome.facesInPicture == 2)
    #expect(outcome.confidence == 0.9)
    #expect(outcome.face?.landmarks == Drawing.landmarks(template()))
  }

  @Test func `auto without a detector assumes or rejects`() throws {
    let chain = FaceChain(locator: nil, policy: .auto)
    #expect(try chain.face(in: square).face?.crop == .assumed)
    #expect(try chain.face(in: square).facesInPicture == nil)
  }
}
