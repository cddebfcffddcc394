import Domain
import FaceEncoding
import Imaging
import Testing

struct FaceCropperTests {
  /// A face of the template's shape, turned, grown and moved.
  private let placement = SimilarityTransform(a: 1.8, b: 0.5, tx: 60, ty: 30)

  private func detected() -> Face {
    let points = ArcFaceTemplate.points(width: 112, height: 112).map(placement.apply)
    return Face(
      picture: Drawing.spots(at: points, width: 400, height: 400), crop: .detected,
      landmarks: Drawing.landmarks(points))
  }

  @Test(arguments: [(ModelManifest.Alignment.arcface, 1.0), (.arcfaceWide, 0.62)])
  func `landmarks land on the template`(alignment: ModelManifest.Alignment, shrink: Double) {
    let crop = FaceCropper(alignment, width: 224, height: 224).crop(detected())
    for point in ArcFaceTemplate.points(width: 224, height: 224, shrink: shrink) {
      let found = Drawing.middle(of: crop, near: point)
      #expect(Drawing.distance(found, point) < 1, "\(found) for \(point)")
    }
  }

  @Test func `an aligned crop of the right size is taken as it is`() {
    let picture = Drawing.gradient(width: 112, height: 112)
    for kind in [CropKind.aligned, .assumed] {
      let landmarks = Drawing.landmarks(ArcFaceTemplate.points(width: 112, height: 112))
      let face = Face(picture: picture, crop: kind, landmarks: landmarks)
      #expect(FaceCropper(.arcface, width: 112, height: 112).crop(face) == picture)
    }
  }

  @Test func `a wide crop of an aligned crop puts its template on the shrunk one`() {
    let own = ArcFaceTemplate.points(width: 160, height: 160)
    let face = Face(
      picture: Drawing.spots(at: own, width: 160, height: 160), crop: .assumed, landmarks: nil)
    let crop = FaceCropper(.arcfaceWide, width: 224, height: 224).crop(face)
    for point in ArcFaceTemplate.points(width: 224, height: 224, shrink: 0.62) {
      #expect(Drawing.distance(Drawing.middle(of: crop, near: point), point) < 1)
    }
    #expect(crop.pixels[0] == 127, "outside the picture the crop is grey")
  }

  @Test func `an aligned crop that is not square is not stretched`() {
    let own = ArcFaceTemplate.points(width: 92, height: 112)
    let face = Face(
      picture: Drawing.spots(at: own, width: 92, height: 112), crop: .assumed, landmarks: nil)
    let crop = FaceCropper(.arcface, width: 112, height: 112).crop(face)
    for point in ArcFaceTemplate.points(width: 112, height: 112) {
      #expect(Drawing.distance(Drawing.middle(of: crop, near: point), point) < 1)
    }
  }

  @Test func `landmarks in one point count as none`() {
    let picture = Drawing.gradient(width: 112, height: 112)
    let point = Point(x: 5, y: 5)
    let face = Face(
      picture: picture, crop: .detected,
      landmarks: Drawing.landmarks([point, point, point, point, point]))
    #expect(FaceCropper(.arcface, width: 112, height: 112).crop(face) == picture)
  }

  @Test func `the whole picture is stretched, whatever the landmarks`() {
    let crop = FaceCropper(.whole, width: 30, height: 20).crop(detected())
    #expect((crop.width, crop.height) == (30, 20))
    #expect(crop == Resampling.resized(detected().picture, to: 30, 20, filter: .bilinear))
  }

  @Test func `a picture of one pixel gives a crop`() {
    let dot = Picture(width: 1, height: 1, red: 9, green: 9, blue: 9)
    let face = Face(picture: dot, crop: .assumed, landmarks: nil)
    for alignment in ModelManifest.Alignment.allCases {
      let crop = FaceCropper(alignment, width: 8, height: 8).crop(face)
      #expect((crop.width, crop.height) == (8, 8))
    }
  }
}
