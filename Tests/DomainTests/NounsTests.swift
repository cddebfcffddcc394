import Domain
import Foundation
import Testing

@Suite struct NounsTests {
  @Test func `larger similarities are closer and order is total on ordinary numbers`() {
    let values: [Float] = [-1, -0.5, 0, 0.5, 1]
    for a in values {
      for b in values {
        let (left, right) = (CosineSimilarity(a), CosineSimilarity(b))
        #expect((left < right) == (a < b))
        #expect((left == right) == (a == b))
        #expect((left >= right) == !(left < right))
      }
    }
  }

  @Test func `a similarity that is no number is at or above no threshold`() {
    let broken = CosineSimilarity(.nan)
    #expect(!(broken < CosineSimilarity(0)) && !(CosineSimilarity(0) < broken))
    #expect(!(broken >= CosineSimilarity(0)) && !(broken > CosineSimilarity(0)))
    #expect(!(broken <= CosineSimilarity(0)) && !(CosineSimilarity(0) >= broken))
    #expect(broken != broken)
  }

  @Test func `populations sort in the order of the job and keep their words on disk`() throws {
    #expect(Population.allCases.sorted() == [.digital, .real, .generated, .reference])
    #expect(Population.allCases.map(\.rawValue) == ["digital", "real", "generated", "reference"])
    for a in Population.allCases {
      for b in Population.allCases { #expect((a < b) == !(a >= b) && !(a < b && b < a)) }
      let data = try JSONEncoder().encode([a])
      #expect(try JSONDecoder().decode([Population].self, from: data) == [a])
    }
  }

  @Test func `only photographs show real people`() {
    #expect(Population.allCases.filter(\.showsRealPeople) == [.real, .reference])
  }

  @Test func `crops keep their words on disk`() {
    #expect(CropKind(rawValue: "detected") == .detected)
    #expect(CropKind(rawValue: "aligned") == .aligned)
    #expect(CropKind(rawValue: "assumed") == .assumed)
    #expect(CropKind(rawValue: "guessed") == nil)
  }

  @Test func `spaces are the same only when name, width and encoder are`() throws {
    let space = Space(name: Space.identity, width: 512, encoderDigest: "a1")
    let others = [
      Space(name: Space.image, width: 512, encoderDigest: "a1"),
      Space(name: Space.identity, width: 128, encoderDigest: "a1"),
      Space(name: Space.identity, width: 512, encoderDigest: "b2"),
    ]
    for other in others { #expect(space != other) }
    #expect(Set(others + [space, space]).count == 4)
    let data = try JSONEncoder().encode(space)
    #expect(try JSONDecoder().decode(Space.self, from: data) == space)
  }

  @Test func `landmarks come in the order of the template`() {
    let places = (0..<5).map { Point(x: Double($0), y: -Double($0)) }
    let landmarks = FiveLandmarks(
      leftEye: places[0], rightEye: places[1], nose: places[2], leftMouth: places[3],
      rightMouth: places[4])
    #expect(landmarks.points == places)
  }

  @Test func `silent progress says nothing and never fails`() {
    let progress: any ProgressReporter = SilentProgress()
    progress.end(nil)
    progress.begin("stage", total: nil, unit: "pictures")
    progress.advance(to: -1)
    progress.end("remark")
  }
}

@Suite struct PictureTests {
  @Test func `a picture of one colour repeats its three bytes`() {
    let picture = Picture(width: 3, height: 2, red: 1, green: 2, blue: 3)
    #expect(picture.pixels == Array(repeating: [1, 2, 3], count: 6).flatMap { $0 })
    #expect(picture == Picture(width: 3, height: 2, pixels: picture.pixels))
  }

  @Test func `pictures of the same bytes and another shape differ`() {
    let bytes = [UInt8](repeating: 9, count: 18)
    #expect(
      Picture(width: 3, height: 2, pixels: bytes) != Picture(width: 2, height: 3, pixels: bytes))
  }

  @Test func `an empty side or missing bytes are a programmer's mistake`() async {
    await #expect(processExitsWith: .failure) { _ = Picture(width: 0, height: 1, pixels: []) }
    await #expect(processExitsWith: .failure) {
      _ = Picture(width: -1, height: -1, pixels: [1, 2, 3])
    }
    await #expect(processExitsWith: .failure) { _ = Picture(width: 1, height: 1, pixels: [1, 2]) }
  }
}
