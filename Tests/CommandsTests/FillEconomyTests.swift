import Foundation
import Testing

extension BuiltProgram {
  @Suite struct FillEconomyTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `a campaign is rehearsed without a workspace, in seconds, and the same again`()
      throws
    {
      let words = [
        "fill", "--simulate", "--acceptance", "0.6,0.2", "--impossible", "0.05",
        "--seconds-per-call",
        "2", "--gpus", "8", "--json", "--quiet",
      ]
      let start = Date.now
      let said = Tool().run(words)
      #expect(Date.now.timeIntervalSince(start) < 60)
      #expect(said.code == 0, "\(said.said)")
      let document = try said.json()
      let calls = try #require(document["calls"]?["mean"]?.double)
      #expect(document["identities"]?.int == 20_000)
      #expect(calls > 400_000 / 0.75 && calls < 400_000 / 0.4, "\(calls)")
      let hours = try #require(document["gpuHours"]?.double)
      #expect(abs(hours - calls * 2 / 3600) < 1e-6 * hours)
      let short = try #require(document["shortIdentities"]?["mean"]?.double)
      #expect(short > 900 && short < 2500, "\(short)")
      let table = try #require(document["byBudget"]?.items)
      let accepted = table.compactMap { $0["accepted"]?["mean"]?.double }
      #expect(accepted.count == 6 && accepted == accepted.sorted())
      let again = try Tool().run(words + ["--threads", "1"]).json()
      #expect(again["calls"]?["mean"]?.double == calls)
      let tight = try Tool().run(words + ["--budget", "10000"]).json()
      #expect(tight["calls"]?["high"]?.int == 10_000)
      // Calls go to identities that accept most: more than one in the mean share.
      #expect(tight["accepted"]?["mean"]?.double ?? 0 > 6300)
      let time = try Tool().run(words + ["--budget", "1h"]).json()
      #expect(time["calls"]?["high"]?.int == 8 * 3600 / 2)
    }

    @Test(arguments: [
      "fill --budget 5x", "fill --budget -3", "fill --budget 10min", "fill --simulate --budget 5s",
      "fill --simulate --acceptance 0.6,0.2 --budget 5s", "fill --simulate --acceptance 1.2",
      "fill --simulate --acceptance 0.5,0.6", "fill --simulate --acceptance x",
      "fill --spread wide", "fill --arc-bins 0", "fill --stop-below 0.5", "fill --pose-bins 2",
      "fill --quality-bins 0",
    ])
    func `what cannot be meant is a usage error`(line: String) throws {
      let place = Workplace.new(in: scratch)
      let said = place.run(line.split(separator: " ").map(String.init))
      #expect([2, 64].contains(said.code), "\(said.said)")
      #expect(said.code == 64 || said.err.contains("--acceptance"), "\(said.said)")
    }

    @Test(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
    func `which way faces look is a target, killed or not, and the report says what it cost`()
      throws
    {
      let calm = try Demo.shared.workspace(in: scratch, as: "calm")
      let words = ["fill", "--per-identity", "14", "--pose-bins", "3", "--json", "--quiet"]
      let scores = calm.run(words + ["--quality-bins", "3"])
      #expect(scores.code == 2 && scores.err.contains("there are no scores"), "\(scores.said)")

      let hit = try Demo.shared.workspace(in: scratch, as: "hit")
      let running = hit.start(words)
      for _ in 0..<60_000 {
        guard contents(of: "\(hit.path)/generated").isEmpty else { break }
        usleep(2000)
      }
      running.send(SIGKILL)
      #expect(running.wait().code == -SIGKILL, "the run was over before it was killed")
      let said = calm.run(words)
      #expect(said.code < 2, "\(said.said)")
      #expect(hit.run(words).code < 2)
      #expect(try hit.state() == calm.state())

      let document = try said.json()
      let axis = try #require(document["spreadBins"]?.items.first)
      #expect(axis["measure"]?.string == "turn")
      let bins = try #require(axis["bins"]?.items)
      #expect(bins.map { $0["bin"]?.string } == ["left", "front", "right"])
      let refused = try #require(document["rejectedByReason"]?["spread"]?.int)
      #expect(refused > 0)
      let report = calm.run("report", "quota", "--quiet")
      #expect(report.code < 2, "\(report.said)")
      let funnel = try String(
        contentsOfFile: "\(calm.path)/reports/quota/funnel.csv", encoding: .utf8)
      let row = try #require(
        funnel.split(whereSeparator: \.isNewline).first { $0.contains("like it yet") })
      #expect(row.split(separator: ",")[2] == "\(refused)", "\(funnel)")
    }
  }
}
