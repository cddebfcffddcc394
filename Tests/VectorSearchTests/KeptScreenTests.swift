import Domain
import Foundation
import LinearAlgebra
import Testing
import VectorSearch

/// Rounded rows that are kept in a file.
@Suite struct KeptScreenTests {
  private let rows = Planted.clusters(3000, width: 64, size: 10, spread: 0.08, seed: 5)
  private let others = Planted.clusters(3000, width: 64, size: 10, spread: 0.08, seed: 6)
  private let queries = Planted.clusters(40, width: 64, size: 10, spread: 0.08, seed: 5)
  private let file = FileManager.default.temporaryDirectory
    .appending(path: "\(UUID().uuidString).screen")

  private func nearest(of rows: Vectors, name: UInt8) throws -> [VectorPair] {
    let kept = KeptScreen(path: file.path, name: [UInt8](repeating: name, count: 32))
    let index = ExactIndexBuilder(ExactSettings(threads: 2)).index(rows: rows, kept: kept)
    return try index.nearest(5, to: queries)
  }

  private var wanted: [VectorPair] { BruteForce(targets: rows).nearest(5, to: queries) }

  @Test func `a mapped file gives the answers that the rows give`() throws {
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try nearest(of: rows, name: 1) == wanted)
    let written = try Data(contentsOf: file)
    #expect(written.count > rows.count * rows.width)
    #expect(try nearest(of: rows, name: 1) == wanted)
    #expect(try Data(contentsOf: file) == written)
  }

  @Test func `the file is what is searched: under a wrong name the answers would be wrong`() throws
  {
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try nearest(of: others, name: 1)
    #expect(try nearest(of: rows, name: 1) != wanted)
  }

  @Test func `files of other rows, damaged and cut ones are made anew`() throws {
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try nearest(of: others, name: 2)
    #expect(try nearest(of: rows, name: 1) == wanted)
    let whole = try Data(contentsOf: file)
    for place in [3, 20, 90, whole.count / 2, whole.count - 2] {
      var damaged = whole
      damaged[place] ^= 4
      try damaged.write(to: file)
      #expect(try nearest(of: rows, name: 1) == wanted, "byte \(place)")
      #expect(try Data(contentsOf: file) == whole, "byte \(place)")
    }
    for count in [0, 100, 5000, whole.count - 1] {
      try whole.prefix(count).write(to: file)
      #expect(try nearest(of: rows, name: 1) == wanted, "\(count) bytes")
    }
  }

  @Test func `where it cannot be written it is done without`() throws {
    let kept = KeptScreen(
      path: "/proc/no-such-folder/rows.screen", name: [UInt8](repeating: 1, count: 32))
    let index = ExactIndexBuilder(ExactSettings(threads: 2)).index(rows: rows, kept: kept)
    #expect(try index.nearest(5, to: queries) == wanted)
  }
}
