import Domain
import Files

extension VectorStorageError {
  static func damaged(_ file: String, _ reason: String) -> Self {
    Self(
      code: .damaged, message: "the vector shard \(file) is damaged: \(reason)",
      hint: "remove the file and index its pictures again")
  }

  static func damagedSeal(_ file: String, _ reason: String) -> Self {
    Self(
      code: .damaged, message: "the sealed file \(file) is damaged: \(reason)",
      hint: "take it from a backup, or ask for it again")
  }

  static func locked(_ file: String, keyID: String) -> Self {
    Self(
      code: .locked, message: "the gallery in \(file) is sealed, and no key was given",
      hint: "give the key \(keyID) with --gallery-key FILE or $D2R_GALLERY_KEY")
  }

  static func refused(_ file: String, _ reason: String) -> Self {
    Self(
      code: .locked, message: "the gallery in \(file) is sealed, and \(reason)",
      hint: "run it without that option")
  }

  static func wrongKey(_ file: String, keyID: String) -> Self {
    Self(
      code: .locked,
      message: "the gallery in \(file) is sealed by the key \(keyID), and the one given is another",
      hint: "give that key, or its passphrase, with --gallery-key FILE")
  }

  static func newerVersion(_ file: String, _ version: UInt32) -> Self {
    Self(
      code: .newerVersion,
      message: "the vector shard \(file) has format \(version); this program reads up to "
        + "\(ShardHeader.version)",
      hint: "use the version of d2r-curate that wrote it, or a later one")
  }

  static func otherSpace(_ file: String, _ found: Space, expected: Space) -> Self {
    Self(
      code: .otherSpace,
      message: "the vector shard \(file) holds \(found.summary), not \(expected.summary)",
      hint: "vectors of two encoders cannot be mixed; index again with one of them")
  }

  static func badRow(_ file: String, _ row: Int, of count: Int) -> Self {
    Self(
      code: .badRow, message: "the vector shard \(file) has \(count) rows and none numbered \(row)",
      hint: "the catalog and the vectors do not belong together; restore both from one backup")
  }

  static func badSpace(_ reason: String, _ hint: String) -> Self {
    Self(code: .badSpace, message: reason, hint: hint)
  }

  init(_ error: FilesError) {
    self.init(
      code: error.code == .missing ? .missing : .fileSystem, message: error.message,
      hint: error.hint)
  }
}

extension Space {
  /// For messages: name, width and the beginning of the digest.
  fileprivate var summary: String {
    "\(name) vectors of \(width) values from encoder \(encoderDigest.prefix(12))"
  }
}

/// Runs file work and turns its error into this module's.
func withFiles<Answer>(
  _ work: () throws(FilesError) -> Answer
) throws(VectorStorageError) -> Answer {
  do throws(FilesError) { return try work() } catch { throw VectorStorageError(error) }
}
