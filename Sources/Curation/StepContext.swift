public import Cataloging
public import Domain
public import VectorStorage

/// What every step is given: where things are, and how to run.
public struct StepContext: Sendable {
  public let workspace: Workspace
  public let catalog: Catalog
  public let vectors: VectorStore
  public let progress: any ProgressReporter
  /// All randomness of a step derives from it.
  public let seed: UInt64
  /// Threads of compute; results never depend on it.
  public let threads: Int
  /// Part of every step's provenance.
  public let toolVersion: String
  /// Who runs which command: for the log of accesses to sealed galleries.
  let author: String
  let verb: String

  public init(
    workspace: Workspace, catalog: Catalog, vectors: VectorStore,
    progress: any ProgressReporter, running: RunOptions
  ) {
    self.workspace = workspace
    self.catalog = catalog
    self.vectors = vectors
    self.progress = progress
    seed = running.seed
    threads = running.threads
    toolVersion = running.toolVersion
    author = running.author
    verb = running.verb
  }
}

/// How to run: the options every verb takes.
public struct RunOptions: Sendable {
  public var seed: UInt64
  public var threads: Int
  public var toolVersion: String
  /// Who runs which command; no result depends on it.
  public var author = "person"
  public var verb = ""

  public init(seed: UInt64, threads: Int, toolVersion: String) {
    self.seed = seed
    self.threads = threads
    self.toolVersion = toolVersion
  }
}
