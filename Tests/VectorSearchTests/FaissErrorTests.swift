import Domain
import Testing
import VectorSearch

@Suite struct FaissErrorTests {
  private func failure(of work: () throws -> Void) -> VectorSearchError? {
    do { try work() } catch { return error as? VectorSearchError }
    return nil
  }

  @Test(
    arguments: [
      ([[1, 0], [0, 0]], "row 1 is the zero vector, which has no direction"),
      ([[1, 0], [0, 1], [.nan, 0]], "row 2 holds a value that is not a finite number"),
      ([[.infinity, 0]], "row 0 holds a value that is not a finite number"),
      ([[3, 4]], "row 0 has length 5.0, not 1"),
    ] as [([[Float]], String)])
  func `rows that are not unit vectors are named`(rows: [[Float]], message: String) {
    let vectors = Vectors(width: 2, rows: rows)
    let error = failure { _ = try FaissIndexBuilder(threads: 1).index(vectors) }
    #expect(error?.code == .notUnitVector)
    #expect(error?.message == message)
  }

  @Test func `queries are checked too`() throws {
    let index = try FaissIndexBuilder(threads: 1).index(Vectors(width: 2, rows: [[1, 0]]))
    let zero = Vectors(width: 2, rows: [[0, 0]])
    #expect(
      failure { _ = try index.nearest(1, to: zero) }?.message
        == "query 0 is the zero vector, which has no direction")
    let wide = Vectors(width: 3, rows: [[1, 0, 0]])
    let error = failure { _ = try index.pairs(from: wide, atLeast: CosineSimilarity(0)) }
    #expect(error?.code == .otherWidth)
    #expect(error?.message == "queries have 3 values, the indexed vectors 2")
  }

  @Test(arguments: ["Flatt", "", "IVF", "IVF99999999999999999,Flat", "IDMap,Flat", "PQ7"])
  func `a factory string that makes no index is an error with what to write`(factory: String) {
    let vectors = Planted.random(20, width: 8, seed: 1)
    let error = failure { _ = try FaissIndexBuilder(factory: factory, threads: 1).index(vectors) }
    #expect(error?.code == .badFactory)
    #expect(
      error?.message.hasPrefix("cannot make the index \"\(factory)\" over 20 vectors: ") == true)
    #expect(error?.message.contains(".cpp:") == false, "no place in faiss's source")
    #expect(error?.hint?.contains("Flat") == true)
  }

  @Test func `too few vectors for the clusters are an error`() {
    let vectors = Planted.random(20, width: 8, seed: 1)
    var builder = FaissIndexBuilder(factory: "IVF64,Flat", threads: 1)
    let error = failure { _ = try builder.index(vectors) }
    #expect(error?.code == .badFactory)
    builder.settings = "nonsense=3"
    #expect(failure { _ = try builder.index(vectors) }?.code == .badFactory)
  }

  @Test func `an answer larger than allowed is refused with what to do`() throws {
    let vectors = Planted.random(200, width: 8, seed: 1)
    var builder = FaissIndexBuilder(threads: 2)
    builder.pairLimit = 1000
    let index = try builder.index(vectors)
    let error = failure { _ = try index.pairs(from: vectors, atLeast: CosineSimilarity(-1)) }
    #expect(error?.code == .tooManyPairs)
    #expect(error?.message == "more than 1000 pairs have a similarity of -1.0 or more")
    #expect(try index.pairs(from: vectors, atLeast: CosineSimilarity(0.99)).count >= 200)
  }
}
