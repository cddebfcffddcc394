import Domain

/// How the exact engine may run. Answers never depend on it.
public struct ExactSettings: Sendable {
  /// At least 1.
  public var threads: Int
  /// Bytes the engine may hold, apart from the rows' own memory.
  public var memory: Int
  public var path: KernelPath

  /// Two gibibytes.
  public static let standardMemory = 2 << 30

  /// - Precondition: `threads > 0` and `memory > 0`.
  public init(
    threads: Int, memory: Int = Self.standardMemory, path: KernelPath = .best
  ) {
    precondition(threads > 0 && memory > 0)
    self.threads = threads
    self.memory = memory
    self.path = path
  }

  /// Lets go of the rows' own memory where they are large beside the budget; small files may stay in
  /// memory, since fetching their pages again and again costs more than it saves.
  func release(_ rows: any VectorRows) {
    if rows.count * rows.width * 4 > memory / 4 { rows.release() }
  }
}
