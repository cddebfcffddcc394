internal import Diagnostics
public import Execution
internal import Synchronization

/// A program beside the daemon that answers what needs networks. Where it crashes, one question is
/// lost and the next one starts it again.
public final class DeskWorker: PictureEmbedding {
  /// Questions that may wait for it at once.
  private static let most = 16
  private static let seconds = 120.0
  private static let answerLimit = 16 << 20

  private let program: ChildProgram
  private let child = Mutex<ChildProcess?>(nil)
  private let waiting = Atomic<Int>(0)

  /// - Parameter program: reads one JSON object a line and answers with one.
  public init(_ program: ChildProgram) { self.program = program }

  /// - Throws: 503 where it cannot answer; 422 with its own words where it refuses.
  func ask(_ question: JSONValue) async throws -> JSONValue {
    defer { waiting.subtract(1, ordering: .relaxed) }
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.most else {
      throw Problem(503, "busy", "too many pictures wait to be embedded", hint: "try again later")
    }
    return try await withCheckedThrowingContinuation { done in
      let started = LongThread.start {
        done.resume(with: Result { try self.exchange(question) })
      }
      if !started { done.resume(throwing: Problem(503, "busy", "the system gives no thread")) }
    }
  }

  private func exchange(_ question: JSONValue) throws -> JSONValue {
    let answer: JSONValue
    do {
      let running = try child.withLock { child in
        if let child { return child }
        let fresh = try ChildProcess(program)
        child = fresh
        return fresh
      }
      do {
        answer = try JSONValue(
          parsing: running.exchange(
            question.compact, seconds: Self.seconds, limit: Self.answerLimit))
      } catch {
        child.withLock { if $0 === running { $0 = nil } }
        throw error
      }
    } catch let error as ChildError {
      throw Problem(503, "workerFailed", error.message, hint: error.hint)
    }
    if let message = answer["error"]?.stringValue {
      throw Problem(422, "refused", message, hint: answer["hint"]?.stringValue)
    }
    return answer
  }

  public func vector(ofPictureAt path: String, space: String) async throws -> [Float] {
    let answer = try await ask([
      "ask": "vector", "picture": .string(path), "space": .string(space),
    ])
    return (answer["vector"]?.arrayValue ?? []).compactMap(\.doubleValue).map { Float($0) }
  }

  /// Name and standing of every stage.
  func standings() async throws -> [(name: String, standing: String)] {
    let answer = try await ask(["ask": "standings"])
    return (answer["stages"]?.arrayValue ?? []).compactMap { stage in
      guard let name = stage["name"]?.stringValue, let standing = stage["standing"]?.stringValue
      else { return nil }
      return (name, standing)
    }
  }

  /// Ends the program.
  func end() {
    child.withLock { child in
      child?.end()
      child = nil
    }
  }
}
