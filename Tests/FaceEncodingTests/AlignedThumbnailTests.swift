import Domain
import FaceEncoding
import Imaging
import Testing

struct AlignedThumbnailTests {
  private func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func face(_ picture: Picture) -> Face {
    Face(picture: picture, crop: .assumed, landmarks: nil)
  }

  /// The rows with their columns reversed: what a mirrored picture should give.
  private func mirrored(_ vectors: Vectors) -> Vectors {
    let side = AlignedThumbnail.side
    var values: [Float] = []
    for line in 0..<vectors.count * side {
      values += vectors.values[line * side..<(line + 1) * side].reversed()
    }
    return Vectors(count: vectors.count, width: vectors.width, values: values)
  }

  @Test func `rows are unit vectors without a mean`() {
    let rows = AlignedThumbnail().embed([face(Drawing.gradient(width: 150, height: 150))])
    #expect(rows.width == 32 * 32)
    #expect(abs(rows.values.reduce(0, +)) < 1e-3)
    #expect(abs(rows.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }

  @Test func `brightness and contrast do not matter`() {
    let picture = Drawing.gradient(width: 150, height: 150)
    var dim = picture
    // The crop's surroundings are level 127, so contrast shrinks about it.
    dim.pixels = dim.pixels.map { UInt8(127 + (Int($0) - 127) / 2) }
    let rows = AlignedThumbnail().embed([face(picture), face(dim)])
    #expect(cosine(rows[row: 0], rows[row: 1]) > 0.999)
  }

  @Test func `a mirrored picture gives the mirrored row`() {
    let picture = Drawing.gradient(width: 150, height: 150)
    let rows = AlignedThumbnail().embed([face(picture), face(picture.mirrored())])
    let turned = mirrored(rows)
    #expect(cosine(rows[row: 1], turned[row: 0]) > 0.9999)
    #expect(cosine(rows[row: 0], rows[row: 1]) < 0.9)
  }

  @Test func `a mirrored detected face gives the mirrored row`() {
    let points = ArcFaceTemplate.points(width: 112, height: 112)
      .map(SimilarityTransform(a: 1.4, b: 0.4, tx: 50, ty: 20).apply)
    let picture = Drawing.gradient(width: 300, height: 260)
    let flipped = [1, 0, 2, 4, 3].map { Point(x: 299 - points[$0].x, y: points[$0].y) }
    let rows = AlignedThumbnail().embed([
      Face(picture: picture, crop: .detected, landmarks: Drawing.landmarks(points)),
      Face(
        picture: picture.mirrored(), crop: .detected, landmarks: Drawing.landmarks(flipped)),
    ])
    #expect(cosine(rows[row: 1], mirrored(rows)[row: 0]) > 0.9999)
  }

  @Test func `a flat crop gives zeros and no faces give no rows`() {
    let flat = face(Picture(width: 100, height: 100, red: 127, green: 127, blue: 127))
    #expect(AlignedThumbnail().embed([flat]).values.allSatisfy { $0 == 0 })
    #expect(AlignedThumbnail().embed([]).count == 0)
  }
}
