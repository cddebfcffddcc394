public import Domain
public import Execution

/// A user's program and how it is spoken to.
public struct ExecDescription: Equatable, Sendable {
  public var name: String
  /// SHA-256, in hex, over what changes its pictures.
  public var digest: String
  public var input: GeneratorInput
  public var program: ChildProgram
  /// Pixels of every picture; nil takes any.
  public var width: Int?
  public var height: Int?
  /// Most pictures asked for at once.
  public var batch = 8
  /// How many of it run at once.
  public var workers = 1
  /// Seconds it has to get ready, and to answer one request.
  public var startSeconds = 120.0
  public var batchSeconds = 300.0

  /// One worker, eight pictures at a time, until told otherwise.
  public init(name: String, digest: String, input: GeneratorInput, program: ChildProgram) {
    self.name = name
    self.digest = digest
    self.input = input
    self.program = program
  }
}
