import Files

extension InterchangeError {
  init(_ error: FilesError) {
    self.init(
      code: error.code == .missing ? .missing : .fileSystem, message: error.message,
      hint: error.hint)
  }
}

/// Runs file work and turns its error into this module's.
func withFiles<Answer>(
  _ work: () throws(FilesError) -> Answer
) throws(InterchangeError) -> Answer {
  do throws(FilesError) { return try work() } catch { throw InterchangeError(error) }
}
