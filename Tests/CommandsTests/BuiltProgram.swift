import Testing

/// Every suite that runs the built program, one test after the other: they share the processors,
/// and two of them watch how long things take.
@Suite(.serialized, .ownThread) enum BuiltProgram {
  /// Why a suite is skipped.
  static let needsModels: Comment = "install the networks first: Scripts/install-models"
}

/// The suites of the daemon, one test after the other too. They wait more than they compute, for
/// clocks and browsers, so they run beside the others.
@Suite(.serialized, .ownThread) enum BuiltDaemon {}
