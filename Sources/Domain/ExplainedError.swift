/// An error a person can act on. Every module's error type conforms, and the command line prints
/// all of them the same way.
public protocol ExplainedError: Error, Sendable {
  /// What happened, to what, with which numbers. Lower case, no full stop.
  var message: String { get }
  /// What the reader can do about it, as a command when there is one.
  var hint: String? { get }
}
