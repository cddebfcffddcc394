import Curation
import Domain
import Testing

/// Answers with whatever a test wants to see refused.
private struct OddEncoder: ImageEncoder {
  let space = Space(
    name: "identity", width: 2, encoderDigest: String(repeating: "a", count: 64))
  let preferredBatch = 4
  let answer: Vectors

  func embed(_ faces: [Face]) throws -> Vectors { answer }
}

private struct AnyFace: FaceFinder {
  var digest = "finder"

  func find(in picture: Picture) throws -> FoundFace {
    .face(Face(picture: picture, crop: .assumed, landmarks: nil), count: nil)
  }
}

@Suite struct EmbeddingChainTests {
  private let face = Face(
    picture: Picture(width: 2, height: 2, red: 0, green: 0, blue: 0), crop: .assumed,
    landmarks: nil)

  private func chain(_ answer: Vectors, finder: AnyFace = AnyFace()) -> EmbeddingChain {
    EmbeddingChain(finder: finder, encoders: [OddEncoder(answer: answer)])
  }

  @Test func `an encoder that answers with the wrong shape or no number is refused`() {
    for answer in [
      Vectors(count: 0, width: 2, values: []), Vectors(width: 3, rows: [[1, 2, 3]]),
      Vectors(width: 2, rows: [[1, .nan]]), Vectors(width: 2, rows: [[.infinity, 0]]),
    ] {
      let error = #expect(throws: CurationError.self) { try chain(answer).embed([face]) }
      #expect(error?.code == .badVectors)
    }
    #expect(throws: Never.self) { try chain(Vectors(width: 2, rows: [[1, 0]])).embed([face]) }
  }

  @Test func `another detector makes another space`() {
    let answer = Vectors(width: 2, rows: [[1, 0]])
    let one = chain(answer).spaces[0]
    let other = chain(answer, finder: AnyFace(digest: "another")).spaces[0]
    #expect(one.name == other.name)
    #expect(one.encoderDigest != other.encoderDigest)
    #expect(one == chain(answer).spaces[0])
  }
}
