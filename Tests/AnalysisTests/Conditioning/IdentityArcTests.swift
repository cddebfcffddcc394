import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct IdentityArcTests {
  /// A prototype and a picture at a known angle.
  private func pair(angle: Double, width: Int, seed: UInt64) -> ([Float], [Float]) {
    let rows = Planted.unit(rows: 2, width: width, seed: seed)
    let start = Array(rows[row: 0])
    let along = cosine(start, rows[row: 1])
    let across = zip(rows[row: 1], start).map { Double($0) - along * Double($1) }
    let size = across.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return (
      start, zip(start, across).map { Float(cos(angle) * Double($0) + sin(angle) * $1 / size) }
    )
  }

  @Test func `every point of every arc keeps the floor`() throws {
    let seed: UInt64 = 31
    let random = CounterRandom(seed: seed)
    for trial in 0..<400 {
      let place = UInt64(trial)
      let width = [2, 3, 16, 128, 512][trial % 5]
      let floor = Float(random.uniform(at: 3 * place) * 1.9 - 0.9)
      let angle = 0.001 + 3.1 * random.uniform(at: 3 * place + 1)
      let (prototype, picture) = pair(angle: angle, width: width, seed: place + 1)
      let arc = try #require(
        IdentityArc(from: prototype, to: picture, floor: CosineSimilarity(floor)))
      for share in [0, 1e-9, 0.3, 0.999, 1, random.uniform(at: 3 * place + 2)] {
        let point = arc.point(at: share)
        let kept = cosine(point.vector, prototype)
        #expect(kept >= Double(floor), "seed \(seed) trial \(trial): \(kept) below \(floor)")
        #expect(abs(length(point.vector) - 1) < 1e-6)
        // cos(v(t), p) = cos(tω), in double up to the rounding of the vector.
        #expect(abs(kept - cos(arc.parameter(at: share) * arc.angle)) < 1e-6)
      }
    }
  }

  @Test func `it is slerp, as far as the floor allows`() throws {
    let (prototype, picture) = pair(angle: 1, width: 64, seed: 4)
    let free = try #require(
      IdentityArc(from: prototype, to: picture, floor: CosineSimilarity(0.2)))
    #expect(abs(free.reach - 1) < 1e-6 && free.parameter(at: 1) == 1)
    for share in [0.1, 0.5, 1] {
      let slerp = try Slerp.between(prototype, picture, share)
      #expect(zip(free.point(at: share).vector, slerp).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let floored = try #require(
      IdentityArc(from: prototype, to: picture, floor: CosineSimilarity(0.8)))
    #expect(abs(cos(floored.reach) - 0.8) < 1e-5)
    #expect(abs(floored.parameter(at: 1) - acos(0.8)) < 1e-4)
  }

  @Test func `where there is no arc there is none`() {
    let floor = CosineSimilarity(0)
    #expect(IdentityArc(from: [1, 0] as [Float], to: [1, 0], floor: floor) == nil)
    #expect(IdentityArc(from: [1, 0] as [Float], to: [-1, 0], floor: floor) == nil)
    #expect(IdentityArc(from: [0, 0] as [Float], to: [1, 0], floor: floor) == nil)
    #expect(IdentityArc(from: [1, 0] as [Float], to: [.nan, 0], floor: floor) == nil)
    #expect(IdentityArc(from: [1, 0] as [Float], to: [1, 0, 0], floor: floor) == nil)
    for floor in [1, 2, Float.nan] {
      let arc = IdentityArc(from: [1, 0] as [Float], to: [0, 1], floor: CosineSimilarity(floor))
      #expect(arc?.point(at: 1).vector == [1, 0], "floor \(floor)")
    }
  }

  @Test func `a borrowed arc departs from the other prototype by the same angles`() throws {
    let floor = CosineSimilarity(0.5)
    let rows = Planted.unit(rows: 3, width: 32, seed: 8)
    let (a, b, other) = (Array(rows[row: 0]), Array(rows[row: 1]), Array(rows[row: 2]))
    let arc = try #require(IdentityArc(from: a, to: b, floor: floor))
    let borrowed = try #require(arc.borrowed(by: other, floor: floor))
    #expect(borrowed.angle == arc.angle && borrowed.reach == arc.reach)
    for share in [0.2, 1] {
      let kept = cosine(borrowed.point(at: share).vector, other)
      #expect(kept >= 0.5 && abs(kept - cos(share * arc.reach)) < 1e-6)
    }
    let back = try #require(borrowed.borrowed(by: a, floor: floor))
    #expect(
      zip(back.point(at: 1).vector, arc.point(at: 1).vector).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(arc.borrowed(by: a.map { -$0 }, floor: floor) == nil)
  }
}

struct IdentityNoiseTests {
  private func drawn(floor: Float, count: Int = 1500) throws -> [Double] {
    let prototype = Array(Planted.unit(rows: 1, width: 512, seed: 3)[row: 0])
    let noise = try IdentityNoise(prototype: prototype, floor: CosineSimilarity(floor))
    return (0..<count).map { number in
      let draw = noise.draw(CounterRandom(seed: 3, stream: UInt64(number) + 1))
      #expect(abs(length(draw.vector) - 1) < 1e-6)
      return cosine(draw.vector, prototype)
    }
  }

  @Test func `the levels of Vec2Face give cosines about 1/√(1 + σ²) in their shares`() throws {
    let cosines = try drawn(floor: -1)
    for (sigma, share) in [(0.3, 0.4), (0.5, 0.4), (0.7, 0.2)] {
      let expected = 1 / (1 + sigma * sigma).squareRoot()
      let near = cosines.filter { abs($0 - expected) < 0.035 }
      #expect(abs(Double(near.count) / 1500 - share) < 0.05, "σ \(sigma)")
      #expect(abs(near.reduce(0, +) / Double(near.count) - expected) < 0.005)
    }
  }

  @Test(arguments: [0.5, 0.85, 0.95, 0.99] as [Float])
  func `no draw falls below the floor`(floor: Float) throws {
    #expect(try drawn(floor: floor, count: 300).allSatisfy { $0 >= Double(floor) })
  }

  @Test func `a stream is always the same draw, and a prototype without direction is refused`()
    throws
  {
    let noise = try IdentityNoise(prototype: [1, 2, 3], floor: CosineSimilarity(0.5))
    #expect(noise.draw(CounterRandom(seed: 1)) == noise.draw(CounterRandom(seed: 1)))
    #expect(
      code { try IdentityNoise(prototype: [0, 0] as [Float], floor: CosineSimilarity(0)) }
        == .degenerate)
  }
}
