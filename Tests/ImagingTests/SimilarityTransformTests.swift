import Domain
import Imaging
import Testing

struct SimilarityTransformTests {
  private let template = ArcFaceTemplate.points(width: 112, height: 112)

  private func isClose(_ a: SimilarityTransform, _ b: SimilarityTransform) -> Bool {
    max(abs(a.a - b.a), abs(a.b - b.b)) < 1e-12 && max(abs(a.tx - b.tx), abs(a.ty - b.ty)) < 1e-9
  }

  @Test func `a planted transform is found again with residual 0`() throws {
    let planted = SimilarityTransform(a: 0.4, b: -0.7, tx: 31, ty: -8)
    let moved = template.map { planted.apply(to: $0) }
    let found = try #require(SimilarityTransform(from: template, to: moved))
    #expect(isClose(found, planted))
    #expect(found.residual(from: template, to: moved) < 1e-12)
    #expect(abs(found.scale - (0.16 + 0.49).squareRoot()) < 1e-12)
  }

  @Test func `no neighbouring transform has a smaller residual`() throws {
    var bits = SeededBits(state: 77)
    let source = template.map { point in
      Point(x: point.x * 2 + Double(bits.below(9)), y: point.y * 2 - Double(bits.below(9)))
    }
    let best = try #require(SimilarityTransform(from: source, to: template))
    let least = best.residual(from: source, to: template)
    #expect(least > 0)
    for step in [-1e-3, 1e-3] {
      var other = best
      other.a += step
      #expect(other.residual(from: source, to: template) > least)
      other = best
      other.b += step
      #expect(other.residual(from: source, to: template) > least)
      other = best
      other.tx += step
      #expect(other.residual(from: source, to: template) > least)
    }
  }

  @Test func `the inverse undoes, and following multiplies`() throws {
    let transform = SimilarityTransform(a: 1.5, b: 0.25, tx: -4, ty: 9)
    let inverse = try #require(transform.inverse)
    #expect(isClose(transform.followed(by: inverse), .identity))
    #expect(isClose(inverse.followed(by: transform), .identity))
  }

  @Test func `points that cannot tell give nil`() {
    let same = Array(repeating: Point(x: 3, y: 4), count: 5)
    let broken = template.map { Point(x: $0.x, y: .nan) }
    #expect(SimilarityTransform(from: same, to: template) == nil)
    #expect(SimilarityTransform(from: template, to: same) == nil)
    #expect(SimilarityTransform(from: broken, to: template) == nil)
    #expect(SimilarityTransform(from: template, to: broken) == nil)
    #expect(SimilarityTransform(from: [], to: []) == nil)
    #expect(SimilarityTransform(from: [same[0]], to: [same[0]]) == nil)
    #expect(SimilarityTransform(a: 0, b: 0, tx: 1, ty: 1).inverse == nil)
    #expect(SimilarityTransform(a: .infinity, b: 0, tx: 1, ty: 1).inverse == nil)
  }

  @Test func `the template scales with the width and shrinks about the centre`() {
    #expect(template[0] == Point(x: 38.2946, y: 51.6963))
    let double = ArcFaceTemplate.points(width: 224, height: 224)
    #expect(double[4] == Point(x: 2 * 70.7299, y: 2 * 92.2041))
    let tall = ArcFaceTemplate.points(width: 112, height: 132)
    #expect(abs(tall[2].y - 81.7366) < 1e-9 && tall[2].x == 56.0252)
    let shrunk = ArcFaceTemplate.points(width: 112, height: 112, shrink: 0.5)
    #expect(abs(shrunk[0].x - (55.5 + 0.5 * (38.2946 - 55.5))) < 1e-12)
    #expect(abs(shrunk[3].y - (55.5 + 0.5 * (92.3655 - 55.5))) < 1e-12)
  }
}
