/// Where long work says how far it is. Implementations decide whether anyone sees it.
public protocol ProgressReporter: Sendable {
  /// Starts a stage of `total` units (nil when unknown); `unit` is a plural noun such as "pictures".
  func begin(_ stage: String, total: Int?, unit: String)
  /// `done` units of the current stage are finished.
  func advance(to done: Int)
  /// What is known of the current stage so far, such as the value being lowered; each remark replaces
  /// the one before.
  func remark(_ text: String)
  /// Ends the current stage, with a closing remark where there is one.
  func end(_ remark: String?)
}

extension ProgressReporter {
  public func remark(_ text: String) {}
}

/// Says nothing.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func begin(_ stage: String, total: Int?, unit: String) {}
  public func advance(to done: Int) {}
  public func end(_ remark: String?) {}
}
