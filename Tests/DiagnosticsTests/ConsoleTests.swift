import Diagnostics
import Domain
import Foundation
import Testing

@Suite struct ConsoleTests {
  func spoken(quiet: Bool, json: Bool) -> (results: String, remarks: String) {
    let results = Recorder()
    let remarks = Recorder()
    let console = Console(isQuiet: quiet, isJSON: json, results: results, remarks: remarks)
    console.out("words")
    console.out(json: ["a": 1])
    console.note("remark")
    console.err("error")
    return (results.text, remarks.text)
  }

  @Test func `people get words, programs get one document`() {
    #expect(spoken(quiet: false, json: false).results == "words\n")
    #expect(spoken(quiet: false, json: true).results == "{\n  \"a\": 1\n}\n")
  }

  @Test func `quiet leaves out remarks, never errors or results`() {
    #expect(spoken(quiet: false, json: false).remarks == "remark\nerror\n")
    let quiet = spoken(quiet: true, json: false)
    #expect(quiet.remarks == "error\n")
    #expect(quiet.results == "words\n")
  }

  @Test func `a lost result is reported`() {
    let console = Console(results: Recorder(failure: "no space left"), remarks: Recorder())
    #expect(
      console.failure
        == "the results could not be written to standard output: no space left")
    #expect(Console(results: Recorder(), remarks: Recorder()).failure == nil)
  }

  @Test func `a stream writes every byte`() throws {
    let pipe = Pipe()
    let sink = StreamSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    sink.write("grüße\n")
    sink.write("")
    try pipe.fileHandleForWriting.close()
    #expect(pipe.fileHandleForReading.readDataToEndOfFile() == Data("grüße\n".utf8))
    #expect(!sink.isTerminal)
    #expect(sink.columns == nil)
  }

  @Test func `a reader that left is a success, and later text is dropped`() throws {
    let pipe = Pipe()
    let sink = StreamSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    try pipe.fileHandleForReading.close()
    sink.write("nobody reads this\n")
    sink.write("nor this\n")
    #expect(sink.failure == nil)
  }

  @Test func `a full disk is a failure with its reason`() throws {
    let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
    let sink = StreamSink(descriptor: full.fileDescriptor)
    sink.write("text\n")
    #expect(sink.failure == "No space left on device")
  }
}

@Suite struct ErrorPrinterTests {
  struct Explained: ExplainedError {
    var message: String
    var hint: String?
  }
  struct Plain: Error, CustomStringConvertible { var description: String { "plain trouble" } }

  let printer = ErrorPrinter(program: "tool")

  @Test func `an explained error says what happened and what to do`() {
    #expect(
      printer.describe(Explained(message: "no apples in basket 3", hint: "tool pick"))
        == "tool: no apples in basket 3\n  try: tool pick")
  }

  @Test func `an error without a hint has one line`() {
    #expect(printer.describe(Explained(message: "no apples", hint: nil)) == "tool: no apples")
    #expect(printer.describe(Explained(message: "no apples", hint: "")) == "tool: no apples")
    #expect(printer.describe(Plain()) == "tool: plain trouble")
  }

  @Test func `further lines are indented under the first`() {
    #expect(
      printer.describe(Explained(message: "two:\na\nb", hint: "x\ny"))
        == "tool: two:\n    a\n    b\n  try: x\n    y")
  }

  @Test func `programs get the same as a document`() {
    #expect(
      printer.document(Explained(message: "no apples", hint: "pick"))
        == ["error": "no apples", "hint": "pick"])
    #expect(printer.document(Plain()) == ["error": "plain trouble", "hint": nil])
  }
}
