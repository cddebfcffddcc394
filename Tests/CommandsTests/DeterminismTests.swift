import Foundation
import Testing

extension BuiltProgram {
  /// Same input, seed and version: same bytes.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct DeterminismTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// What the whole job leaves, and the map's table.
    private func job(_ name: String, threads: Int, seed: Int) throws -> (WorkplaceState, Data?) {
      let place = Workplace.new(in: scratch, name, options: ["--per-identity", "8"])
      let common = ["--threads", "\(threads)", "--seed", "\(seed)", "--quiet"]
      let folder = Demo.shared.digital
      let indexed = place.run(["index", folder, "--population", "digital"] + common)
      #expect(indexed.code == 0, "\(indexed.said)")
      let done = place.run(["run"] + common)
      #expect([0, 1].contains(done.code), "\(done.said)")
      let map = FileManager.default.contents(atPath: "\(place.path)/reports/summary/map.csv")
      return (try place.state(), map)
    }

    @Test func `one thread and two give the same bytes, another seed gives others`() throws {
      let one = try job("one", threads: 1, seed: 0)
      let two = try job("two", threads: 2, seed: 0)
      #expect(one.0 == two.0)
      #expect(one.1 != nil)
      #expect(one.1 == two.1)
      let place = Workplace(path: scratch["two"])
      let other = place.run("report", "summary", "--seed", "7", "--quiet")
      #expect(other.code == 0, "\(other.said)")
      let map = FileManager.default.contents(atPath: "\(place.path)/reports/summary/map.csv")
      #expect(map != nil && map != two.1)
    }

    @Test func `a second run skips everything and changes nothing`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      let first = place.run("run", "--quiet")
      #expect([0, 1].contains(first.code), "\(first.said)")
      let before = try place.state()
      #expect(before.problems == 0)
      let second = place.run("run", "--quiet", "--json")
      #expect(second.code == first.code)
      let stages = try #require(try second.json()["stages"]).items
      #expect(stages.count == 12)
      for stage in stages where stage["stage"]?.string != "audit" {
        #expect(stage["skipped"]?.int == 1, "\(stage["stage"]?.string ?? "")")
      }
      #expect(try place.state() == before)
      let standings = try #require(try place.run("status", "--json").json()["stages"])
      #expect(!standings.keys.isEmpty)
      for name in standings.keys { #expect(standings[name]?.string == "current", "\(name)") }
    }
  }
}
