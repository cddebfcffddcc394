/// Provenance: a finished step. The latest step of a name is the one in force.
public struct StepRecord: Equatable, Sendable {
  /// SHA-256, in hex, over name, tool version, parameters and inputs.
  public var key: String
  public var name: String
  public var toolVersion: String
  /// JSON with sorted keys.
  public var parameters: String
  /// SHA-256, in hex, over what the step read.
  public var inputs: String
  /// JSON with sorted keys; content only, no times.
  public var summary: String
  /// Grows with every recorded step of the name; the largest is in force.
  public var ordinal: Int
  /// ISO 8601, by the catalog's clock.
  public var finishedAt: String
}

/// A step to be recorded.
public struct NewStep: Equatable, Sendable {
  /// SHA-256, in hex, over name, tool version, parameters and inputs.
  public var key: String
  public var name: String
  public var toolVersion: String
  /// JSON with sorted keys.
  public var parameters: String
  /// SHA-256, in hex, over what the step read.
  public var inputs: String
  /// JSON with sorted keys; content only, no times.
  public var summary: String

  public init(
    key: String, name: String, toolVersion: String, parameters: String, inputs: String,
    summary: String
  ) {
    self.key = key
    self.name = name
    self.toolVersion = toolVersion
    self.parameters = parameters
    self.inputs = inputs
    self.summary = summary
  }
}
