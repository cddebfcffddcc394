/// Waits for an actor from a thread that has to stay.
public enum Blocking {
  /// Runs `work` and returns its answer, blocking the calling thread meanwhile.
  ///
  /// For threads that synchronous C libraries and pipelines occupy anyway. Never call it from
  /// Swift's own pool, whose few threads `work` needs.
  public static func wait<Answer: Sendable>(
    _ work: @escaping @Sendable () async throws -> Answer
  ) throws -> Answer {
    let desk = Monitor<Result<Answer, any Error>?>(nil)
    Task.detached {
      let result: Result<Answer, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      desk.update { $0 = result }
    }
    return try desk.wait { $0 }.get()
  }
}
