public import Domain

/// Why a generator could not make pictures.
public struct GenerationError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// The network does not have the inputs and outputs it is described with.
    case networkUnfit
    /// Vectors of the wrong width, or with numbers that are not finite.
    case vectorsUnfit
    /// Settings that exclude each other, or do not fit the network.
    case settingsUnfit
    /// The user asked to stop.
    case interrupted
    /// A program does not start, ends, is late, or says itself that it cannot.
    case programFailed
    /// A program's answers are not those of the protocol, or its pictures not as described.
    case programUnfit
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
