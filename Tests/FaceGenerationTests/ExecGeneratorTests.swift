import Domain
import Execution
import FaceGeneration
import Files
import Glibc
import Imaging
import Testing

/// Against a program that can do everything wrong; it needs Debian's python3 and nothing else.
@Suite struct ExecGeneratorTests {
  let folder: TemporaryFolder
  let log: String

  init() throws {
    folder = try TemporaryFolder()
    log = folder("log")
  }

  func generator(
    _ mode: String, _ change: (inout ExecDescription) -> Void = { _ in }
  ) -> ExecGenerator {
    let programs = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    var description = ExecDescription(
      name: "faulty", digest: "d", input: GeneratorInput(.latent, width: 4),
      program: ChildProgram(
        ["python3", "\(programs)/Programs/faulty.py", mode, log], folder: "/",
        environment: ["PATH": "/usr/bin:/bin"]))
    description.width = 8
    description.height = 8
    description.startSeconds = 20
    description.batchSeconds = 20
    change(&description)
    return ExecGenerator(description)
  }

  func orders(_ count: Int, from first: Int = 0) -> PictureOrders {
    let rows = (first..<first + count).map { row in (0..<4).map { Float(row) + Float($0) / 8 } }
    return PictureOrders(
      Vectors(width: 4, rows: rows),
      seeds: (first..<first + count).map { UInt64.max - UInt64($0) })
  }

  func lines(_ start: String) throws -> [String] {
    try FileReader.readText(log).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix(start) }
  }

  func error(_ mode: String, _ change: (inout ExecDescription) -> Void = { _ in })
    -> GenerationError?
  {
    #expect(throws: GenerationError.self) {
      try generator(mode, change).pictures(for: orders(4))
    }
  }

  @Test func `an order gives the same picture in whatever company and at any number of workers`()
    throws
  {
    let alone = try (0..<10).map {
      try generator("good").pictures(for: orders(1, from: $0))[0]
    }
    #expect(alone.allSatisfy { $0.picture?.width == 8 })
    #expect(Set(alone.map { $0.picture?.pixels ?? [] }).count == 10)
    let together = try generator("good").pictures(for: orders(10))
    #expect(together == alone)
    let several = generator("good") {
      $0.workers = 3
      $0.batch = 2
    }
    let parts = try Parallel.map(count: 5, threads: 5) {
      try several.pictures(for: orders(2, from: 2 * $0))
    }
    #expect(parts.flatMap { $0 } == alone)
  }

  @Test func `a program is started once, and asked for no more at once than it takes`() throws {
    let generator = generator("small-batch")
    #expect(try generator.shakeHands() == "faulty small-batch")
    #expect(try generator.pictures(for: orders(8)).count == 8)
    #expect(try generator.pictures(for: orders(0)).isEmpty)
    #expect(try lines("start").count == 1)
    #expect(try lines("request").map { $0.split(separator: " ")[1] } == ["3", "3", "2"])
  }

  @Test func `the files of a request are gone after it`() throws {
    _ = try generator("good").pictures(for: orders(2))
    let output = try #require(lines("request").first?.split(separator: " ").last)
    #expect(!FileSystem.exists(String(output)))
    #expect(!FileSystem.exists(Paths.parent(String(output))))
  }

  @Test func `a picture that cannot be had is an answer with a reason`() throws {
    let cases = [
      ("missing", "unreadable picture 00001.png: cannot open 00001.png: no such file or directory"),
      ("undecodable", "unreadable picture 00001.png: the file is no picture"),
      ("link", "unreadable picture 00001.png: cannot open 00001.png: too many levels"),
      ("pipe", "unreadable picture 00001.png: 00001.png is no regular file"),
    ]
    for (mode, reason) in cases {
      let answers = try generator(mode).pictures(for: orders(3))
      #expect(answers[0].picture != nil && answers[2].picture != nil, "\(mode)")
      guard case .none(let given) = answers[1] else {
        Issue.record("\(mode) gave a picture")
        continue
      }
      #expect(given.hasPrefix(reason), "\(given)")
    }
    let answers = try generator("none").pictures(for: orders(2))
    #expect(answers[0] == .none(reason: "not finite [31m"))
    #expect(answers[1].picture != nil)
  }

  @Test func `a program that dies or hangs midway is asked again, and nothing is lost`() throws {
    let expected = try generator("good").pictures(for: orders(6))
    let dying = generator("dies-midway") { $0.batch = 2 }
    #expect(try dying.pictures(for: orders(6)) == expected)
    #expect(try lines("start").count > 2)
    try FileSystem.remove(log)
    let hanging = generator("hangs-once") {
      $0.batch = 2
      $0.batchSeconds = 2
    }
    #expect(try hanging.pictures(for: orders(6)) == expected)
    #expect(try lines("start").count >= 2)
  }

  @Test func `a program that always dies is started so often and no more`() throws {
    let found = error("dies")
    #expect(found?.code == .programFailed)
    #expect(
      found?.message == """
        generator faulty failed 3 times in a row: 'python3' ended with status 9 before it had \
        answered; the last it wrote to standard error: first line | segmentation fault
        """)
    #expect(try lines("start").count == ExecGenerator.tries)
  }

  @Test func `a program that hangs is ended in time, with what it had started`() throws {
    let watch = Stopwatch()
    let found = error("hang") { $0.batchSeconds = 0.4 }
    #expect(found?.code == .programFailed)
    #expect(found?.message.contains("did not answer within 0.4 s") == true)
    #expect(found?.hint?.contains("exec.timeoutSeconds") == true)
    #expect(watch.seconds < 12)
  }

  @Test func `a program that does not get ready says why`() throws {
    let cases: [(String, String)] = [
      (
        "no-start",
        "did not get ready: 'python3' ended with status 1 before it had answered; "
          + "the last it wrote to standard error: no weights here"
      ),
      ("not-ready", "is not ready: the GPU is busy"),
    ]
    for (mode, message) in cases {
      #expect(error(mode)?.message == "generator faulty \(message)")
    }
    let late = error("slow-start") { $0.startSeconds = 0.3 }
    #expect(
      late?.message.contains("did not get ready: 'python3' did not answer within 0.3 s") == true)
    let absent = error("good") { $0.program.command[0] = "no-such-program" }
    #expect(absent?.message.contains("cannot start 'no-such-program': no such file") == true)
  }

  @Test func `answers outside the protocol are errors of their own, and not asked for again`()
    throws
  {
    let cases: [(String, String)] = [
      (
        "garbage",
        "answered '<html>not JSON</html>', which is not the JSON expected: expected a value"
      ),
      ("wrong-id", "answered with the id 2 where 1 was asked"),
      ("wrong-count", "gave 3 pictures where 4 were asked"),
      ("escape", "named a picture '\"../vectors.npy\"', which is no plain file name"),
      ("wrong-size", "gave 00000.png of 9x9 pixels, its manifest says 8x8"),
      ("endless-line", "failed: 'python3' wrote a line of more than 1048576 bytes"),
    ]
    for (mode, message) in cases {
      let found = error(mode)
      #expect(found?.code == .programUnfit, "\(mode): \(String(describing: found))")
      #expect(
        found?.message.hasPrefix("generator faulty \(message)") == true, "\(found?.message ?? "")")
      #expect(try lines("start").count == 1, "\(mode)")
      try FileSystem.remove(log)
    }
    let gone = error("gives-up")
    #expect(gone?.code == .programFailed)
    #expect(gone?.message == "generator faulty gave up: CUDA out of memory")
  }

  @Test func `a loud standard error does no harm, a loud standard output is refused`() throws {
    #expect(try generator("loud").pictures(for: orders(2)).allSatisfy { $0.picture != nil })
    let chatter = generator("chatter")
    _ = try chatter.pictures(for: orders(2))
    usleep(200_000)
    let found = #expect(throws: GenerationError.self) { try chatter.pictures(for: orders(2)) }
    #expect(found?.code == .programUnfit)
    #expect(found?.message.contains("wrote 'saved 8 pictures' to its standard output") == true)
  }
}
