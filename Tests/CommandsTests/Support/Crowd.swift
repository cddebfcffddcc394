import Foundation

/// People as vectors: rows scattered around one direction per look, and who they show.
struct Crowd {
  var rows: [[Float]] = []
  var names: [String] = []

  static let width = 32

  init() {}

  /// `each` rows of every person, in turn around `looks` directions of the person's own.
  init(_ people: Int, each: Int, looks: Int = 1, spread: Float = 0.2, seed: UInt64) {
    var dice = Numbers(seed: seed)
    for person in 0..<people {
      let centres = (0..<looks).map { _ in (0..<Self.width).map { _ in dice.normal() } }
      for row in 0..<each {
        add(centres[row % looks].map { $0 + spread * dice.normal() }, "p\(person)")
      }
    }
  }

  mutating func add(_ row: [Float], _ name: String) {
    rows.append(row)
    names.append(name)
  }

  /// `row` with a little noise: another picture of the same look.
  static func near(_ row: [Float], spread: Float = 0.1, seed: UInt64) -> [Float] {
    var dice = Numbers(seed: seed)
    return row.map { $0 + spread * dice.normal() }
  }

  /// Imports the rows into a space as `population`, with ids `name-0`, `name-1`, …
  @discardableResult
  func enter(
    _ place: Workplace, _ scratch: Scratch, as population: String, _ name: String,
    space: String = "identity"
  ) throws -> Tool.Result {
    let file = try scratch.write(try Numbers.npy(rows), to: "\(name).npy")
    let lines = names.enumerated().map { "\(name)-\($0),\($1)" }
    let table = (["id,identity"] + lines).joined(separator: "\n") + "\n"
    return place.run(
      "embeddings", "import", file, "--space", space, "--population", population, "--ids",
      try scratch.write(table, to: "\(name).csv"), "--json", "--quiet")
  }
}
