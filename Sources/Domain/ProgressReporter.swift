/// Where long work says how far it is. Implementations decide whether anyone sees it.
public protocol ProgressReporter: Sendable {
  /// Starts a stage of `total` units (nil when unknown); `unit` is a plural noun such as "pictures".
  func begin(_ stage: String, total: Int?, unit: String)
  /// `done` units of the current stage are finished.
  func advance(to done: Int)
  /// Ends the current stage, with a closing remark where there is one.
  func end(_ remark: String?)
}

/// Says nothing.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func begin(_ stage: String, total: Int?, unit: String) {}
  public func advance(to done: Int) {}
  public func end(_ remark: String?) {}
}
