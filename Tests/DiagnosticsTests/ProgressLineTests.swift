import Diagnostics
import Foundation
import Testing

@Suite struct ProgressLineTests {
  let recorder = Recorder()
  let clock = HandClock()

  func line(_ audience: ProgressLine.Audience, memory: Int? = nil) -> ProgressLine {
    let clock = clock
    return ProgressLine(
      sink: recorder, audience: audience,
      sources: .init(clock: { clock.now }, memory: { memory }))
  }

  @Test func `a log gets a line at the start, one every five seconds and one at the end`() {
    let progress = line(.log, memory: 3 << 30)
    progress.begin("embedding", total: 2000, unit: "pictures")
    for done in 1...120 {
      clock.move(.milliseconds(100))
      progress.advance(to: 10 * done)
    }
    progress.end("2 unreadable")
    #expect(
      recorder.lines == [
        "embedding: 2,000 pictures",
        "embedding: 500/2,000 pictures, 100/s, 15 s left, 3.0 GiB",
        "embedding: 1,000/2,000 pictures, 100/s, 10 s left, 3.0 GiB",
        "embedding: 1,200 pictures in 12 s, 100/s, 3.0 GiB, 2 unreadable",
      ])
  }

  @Test func `a log of a stage without a total tells no end`() {
    let progress = line(.log)
    progress.begin("reading", total: nil, unit: "files")
    clock.move(.seconds(5))
    progress.advance(to: 50)
    progress.end(nil)
    #expect(
      recorder.lines == [
        "reading: started", "reading: 50 files, 10.0/s", "reading: 50 files in 5.0 s, 10.0/s",
      ])
  }

  @Test func `a program gets one JSON object a line, at most five a second`() throws {
    let progress = line(.program, memory: 1024)
    progress.begin("embedding", total: 100, unit: "pictures")
    for done in 1...10 {
      clock.move(.milliseconds(100))
      progress.advance(to: done)
    }
    progress.end("2 unreadable")
    let lines = try recorder.lines.map { try JSONValue(parsing: $0) }.compactMap { $0["progress"] }
    #expect(lines.map { $0["done"]?.intValue } == [0, 2, 4, 6, 8, 10, 10])
    #expect(lines[0]["total"] == 100)
    #expect(lines[0]["rate"] == .null)
    #expect(lines[2]["stage"] == "embedding")
    #expect(lines[2]["unit"] == "pictures")
    #expect(lines[2]["rate"]?.doubleValue == 10)
    #expect(lines[2]["secondsLeft"]?.doubleValue == 9.6)
    #expect(lines[2]["memoryBytes"] == 1024)
    #expect(lines.map { $0["isOver"]?.boolValue } == [nil, nil, nil, nil, nil, nil, true])
    #expect(lines[6]["remark"] == "2 unreadable")
  }

  @Test func `a terminal sees one line that rewrites itself`() {
    let progress = line(.terminal(columns: 80))
    progress.begin("embedding", total: 100, unit: "pictures")
    clock.move(.seconds(1))
    progress.advance(to: 50)
    progress.end(nil)
    #expect(
      recorder.text.split(separator: "\r").map(String.init) == [
        "embedding  [........................]  0/100 pictures\u{1B}[K",
        "embedding  [############............]  50/100 pictures  50.0/s  1.0 s left\u{1B}[K",
        "embedding: 50 pictures in 1.0 s, 50.0/s\u{1B}[K\n",
      ])
  }

  @Test func `a terminal is redrawn at most ten times a second`() {
    let progress = line(.terminal(columns: 80))
    progress.begin("embedding", total: 1000, unit: "pictures")
    for done in 1...1000 {
      clock.move(.milliseconds(1))
      progress.advance(to: done)
    }
    #expect(recorder.text.count { $0 == "\r" } == 11)
  }

  @Test(arguments: 1...120)
  func `a narrow terminal never wraps: the bar goes first, then the end of the line`(
    columns: Int
  ) {
    line(.terminal(columns: columns)).begin("embedding", total: 1_000_000, unit: "pictures")
    let drawn = recorder.text.dropFirst().dropLast(3)
    #expect(drawn.count <= max(0, columns - 1), "\(columns)")
  }

  @Test func `a new stage without an end of the last starts its own terminal line`() {
    let progress = line(.terminal(columns: 80))
    progress.begin("one", total: nil, unit: "files")
    progress.begin("two", total: nil, unit: "files")
    #expect(recorder.text.contains("\n\rtwo"))
  }

  @Test func `nobody hears a quiet line`() {
    let progress = line(.none)
    progress.begin("embedding", total: 10, unit: "pictures")
    clock.move(.seconds(60))
    progress.advance(to: 5)
    progress.end("done")
    #expect(recorder.text == "")
  }

  @Test func `an empty stage and a report outside any stage are harmless`() {
    let progress = line(.log)
    progress.advance(to: 5)
    progress.end(nil)
    #expect(recorder.text == "")
    progress.begin("embedding", total: 0, unit: "pictures")
    progress.advance(to: 0)
    progress.end(nil)
    #expect(recorder.lines == ["embedding: 0 pictures", "embedding: 0 pictures in 0 ms"])
  }

  @Test func `work skipped at the start does not promise a pace nobody keeps`() {
    let progress = line(.log)
    progress.begin("embedding", total: 10_000, unit: "pictures")
    progress.advance(to: 9_000)
    for second in 1...90 {
      clock.move(.seconds(1))
      progress.advance(to: 9_000 + second)
    }
    #expect(recorder.lines.last == "embedding: 9,090/10,000 pictures, 1.00/s, 15 min 10 s left")
  }

  @Test func `reports of many threads leave whole lines and the largest count`() {
    let progress = line(.log)
    progress.begin("embedding", total: 10_000, unit: "pictures")
    DispatchQueue.concurrentPerform(iterations: 10_000) { item in
      clock.move(.milliseconds(10))
      progress.advance(to: item + 1)
    }
    progress.end(nil)
    #expect(recorder.lines.allSatisfy { $0.hasPrefix("embedding: ") })
    #expect(recorder.lines.last?.hasPrefix("embedding: 10,000 pictures in ") == true)
  }
}
