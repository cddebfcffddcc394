import Execution

/// Runs steps one after the other on a queue of its own, where they may compute and block for as
/// long as they like.
public actor Runner {
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe queue.asUnownedSerialExecutor()
  }

  private nonisolated let queue = SerialQueue(label: "d2r-curate.runner")
  private let context: StepContext

  public init(_ context: StepContext) { self.context = context }

  /// Runs `work` on the runner's queue; one at a time.
  public func run<Answer: Sendable>(
    _ work: @Sendable (StepContext) async throws -> Answer
  ) async throws -> Answer {
    try await work(context)
  }
}
