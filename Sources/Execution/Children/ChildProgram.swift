/// A program to start: no shell reads any of it.
public struct ChildProgram: Equatable, Sendable {
  /// The program, looked for in PATH where it has no slash, and its arguments.
  public var command: [String]
  /// The folder it starts in.
  public var folder: String
  /// All it sees of the environment.
  public var environment: [String: String]
  /// The file that is started where that is not what `command` begins with; a path.
  public var executable: String?

  public init(_ command: [String], folder: String, environment: [String: String]) {
    self.command = command
    self.folder = folder
    self.environment = environment
  }

  /// The program's name, for messages.
  public var name: String { command.first ?? "" }
}
