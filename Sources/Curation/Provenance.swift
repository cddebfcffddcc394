import Cataloging
import Cryptography
public import Diagnostics

/// What a step's result depends on. Equal provenance means the result is there already.
struct Provenance: Sendable {
  let name: String
  let toolVersion: String
  let parameters: JSONValue
  /// SHA-256, in hex, over what the step reads.
  let inputs: String

  init(_ name: String, in context: StepContext, parameters: JSONValue, inputs: [String]) {
    self.name = name
    toolVersion = context.toolVersion
    self.parameters = parameters
    self.inputs = SHA256.hex(of: inputs.joined(separator: "\n"))
  }

  /// The result's key.
  var key: String {
    SHA256.hex(of: [name, toolVersion, parameters.compact, inputs].joined(separator: "\n"))
  }

  /// The finished step as the catalog keeps it. `summary` holds content only: no times.
  func step(summary: JSONValue) -> NewStep {
    NewStep(
      key: key, name: name, toolVersion: toolVersion, parameters: parameters.compact,
      inputs: inputs, summary: summary.compact)
  }
}

/// A step's answer for people and for programs.
public struct StepReport: Equatable, Sendable {
  /// The step's name.
  public var step: String
  /// True where the same provenance was on record and nothing was computed.
  public var wasDone: Bool
  /// One line each, for people.
  public var lines: [String]
  /// The stable document that `--json` prints.
  public var document: JSONValue
  /// True where the user should look at something: exit code 1.
  public var hasFindings: Bool

  init(
    _ step: String, wasDone: Bool, lines: [String], document: JSONValue, hasFindings: Bool = false
  ) {
    self.step = step
    self.wasDone = wasDone
    self.lines = lines
    self.document = document
    self.hasFindings = hasFindings
  }
}
