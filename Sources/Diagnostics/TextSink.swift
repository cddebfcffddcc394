/// Where text goes: a stream of the process, or a test's memory.
public protocol TextSink: Sendable {
  /// Writes all of `text`; what cannot be written is remembered, never thrown.
  func write(_ text: String)
  /// Why text was lost, in words, or nil where none was. A reader that left is no loss.
  var failure: String? { get }
}
