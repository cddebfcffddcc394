import Domain
import Imaging
import Testing

struct WarpingTests {
  @Test func `the identity copies, whole shifts move pixels`() {
    let picture = TestPictures.busy(9, 7)
    #expect(picture.warped(by: .identity, width: 9, height: 7) == picture)
    let shift = SimilarityTransform(a: 1, b: 0, tx: -2, ty: -3)
    let moved = picture.warped(by: shift, width: 4, height: 2)
    #expect(moved == picture.cropped(x: 2, y: 3, width: 4, height: 2))
  }

  @Test func `a quarter turn moves pixels exactly`() {
    let picture = TestPictures.busy(8, 8)
    // (x, y) becomes (7 - y, x).
    let turn = SimilarityTransform(a: 0, b: 1, tx: 7, ty: 0)
    let turned = picture.warped(by: turn, width: 8, height: 8)
    for y in 0..<8 {
      for x in 0..<8 {
        #expect(turned.pixels[3 * (y * 8 + x)] == picture.pixels[3 * ((7 - x) * 8 + y)])
      }
    }
  }

  @Test func `OpenCV's answer is met within 2 levels, border included`() {
    // opencv-python-headless 5.0.0.93, numpy 2.4.6: y, x, c = np.mgrid[0:30, 0:40, 0:3];
    // p = (20 + x*(2+c) + y*(3-c)).astype("u1")
    // cv2.warpAffine(p, np.array([[1.5, .3, -10], [-.3, 1.5, 4]]), (8, 6), flags=cv2.INTER_LINEAR)
    let expected: [UInt8] = [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6, 9, 11, 13, 14, 18, 22, 20, 25, 31, 26, 33, 40, 12, 14,
      17, 17, 21, 24, 22, 27, 32, 28, 34, 41, 34, 42, 50, 40, 50, 60, 42, 52, 63, 43, 54, 65, 33,
      40, 47, 35, 42, 49, 37, 44, 52, 38, 47, 55, 40, 49, 57, 42, 51, 60, 43, 53, 63, 45, 55, 66,
      35, 41, 47, 37, 43, 49, 38, 45, 52, 40, 47, 55, 42, 50, 58, 43, 52, 60, 45, 54, 63, 47, 56,
      66, 37, 42, 47, 38, 44, 50, 40, 46, 52, 42, 48, 55, 43, 51, 58, 45, 53, 60, 47, 55, 63, 48,
      57, 66, 38, 43, 47, 40, 45, 50, 42, 47, 52, 43, 49, 55, 45, 51, 58, 47, 54, 61, 48, 56, 63,
      50, 58, 66,
    ]
    let transform = SimilarityTransform(a: 1.5, b: -0.3, tx: -10, ty: 4)
    let warped = TestPictures.ramp(40, 30).warped(by: transform, width: 8, height: 6)
    let truth = Picture(width: 8, height: 6, pixels: expected)
    #expect(TestPictures.largestDifference(warped, truth) <= 2)
  }

  @Test func `strong shrinking averages instead of picking pixels`() {
    let stripes = TestPictures.picture(800, 800) { x, _, _ in x % 2 == 0 ? 0 : 255 }
    let small = SimilarityTransform(a: 0.125, b: 0, tx: 0, ty: 0)
    let warped = stripes.warped(by: small, width: 100, height: 100)
    let inner = warped.cropped(x: 1, y: 1, width: 98, height: 98)
    #expect(inner.pixels.allSatisfy { abs(Int($0) - 128) <= 1 })
  }

  @Test func `shrinking keeps a slope where it belongs`() {
    let slope = TestPictures.picture(500, 400) { x, y, _ in UInt8((x + y) / 4) }
    let transform = SimilarityTransform(a: 0.19, b: 0.05, tx: 4, ty: -9)
    let warped = slope.warped(by: transform, width: 60, height: 50)
    let inverse = transform.inverse!
    for (x, y) in [(20, 20), (40, 30), (30, 45), (55, 12)] {
      let from = inverse.apply(to: Point(x: Double(x), y: Double(y)))
      let expected = (from.x + from.y) / 4
      #expect(abs(Double(warped.pixels[3 * (y * 60 + x)]) - expected) <= 1)
    }
  }

  @Test func `outside the picture there is border`() {
    let white = Picture(width: 5, height: 5, red: 255, green: 255, blue: 255)
    let away = SimilarityTransform(a: 1, b: 0, tx: 100, ty: 100)
    let grey = white.warped(by: away, width: 3, height: 3, border: .grey)
    #expect(grey == Picture(width: 3, height: 3, red: 127, green: 127, blue: 127))
    let farSmall = SimilarityTransform(a: 0.1, b: 0, tx: 100, ty: 100)
    #expect(
      white.warped(by: farSmall, width: 3, height: 3)
        == Picture(width: 3, height: 3, red: 0, green: 0, blue: 0))
  }

  @Test func `transforms without sense give border, never a crash`() {
    let picture = TestPictures.busy(5, 5)
    let black = Picture(width: 3, height: 3, red: 0, green: 0, blue: 0)
    let senseless = [
      (0.0, 0.0, 0.0), (.nan, 0, 0), (1, .infinity, 0), (1, 0, .nan), (1, 0, 1e300),
      (1, 0, -1e300), (1e-300, 0, 0), (1e-9, 0, 1e12),
    ]
    for (a, b, tx) in senseless {
      let transform = SimilarityTransform(a: a, b: b, tx: tx, ty: 0)
      let warped = picture.warped(by: transform, width: 3, height: 3)
      #expect(warped == black || tx == 0)
    }
    let dot = Picture(width: 1, height: 1, red: 9, green: 9, blue: 9)
    let magnified = SimilarityTransform(a: 1e12, b: 0, tx: 0, ty: 0)
    #expect(dot.warped(by: magnified, width: 2, height: 2).pixels.allSatisfy { $0 == 9 })
  }

  @Test func `a face on known landmarks lands on the template`() throws {
    let template = ArcFaceTemplate.points(width: 112, height: 112)
    let placed = template.map { Point(x: 2 * $0.x + 50, y: 2 * $0.y + 30) }
    let toCrop = try #require(SimilarityTransform(from: placed, to: template))
    let nose = placed[2]
    let picture = TestPictures.picture(400, 400) { x, y, _ in
      let (dx, dy) = (Double(x) - nose.x, Double(y) - nose.y)
      return dx * dx + dy * dy < 36 ? 255 : 0
    }
    let crop = picture.warped(by: toCrop, width: 112, height: 112)
    var (sum, sumX, sumY) = (0.0, 0.0, 0.0)
    for y in 0..<112 {
      for x in 0..<112 {
        let level = Double(crop.pixels[3 * (y * 112 + x)])
        sum += level
        sumX += level * Double(x)
        sumY += level * Double(y)
      }
    }
    #expect(abs(sumX / sum - template[2].x) < 0.2 && abs(sumY / sum - template[2].y) < 0.2)
  }
}
