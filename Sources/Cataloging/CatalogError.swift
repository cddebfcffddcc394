public import Domain

/// Why the catalog did not do what it was asked. What SQLite itself refuses comes as `SQLiteError`.
public struct CatalogError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// No file at the path, or it cannot be opened.
    case missing
    /// A catalog is there already.
    case exists
    /// A database, but none of ours.
    case notACatalog
    /// Made by a newer version of the tool.
    case newerCatalog
    /// A migration was applied whose text was another than ours.
    case changedMigration
    /// The request names a row that is not there.
    case unknownRecord
    /// What was to be committed contradicts itself or the catalog.
    case invalidBatch
    /// One name, several encoders.
    case ambiguousSpace
    /// Nothing to undo, or a later decision has taken its place.
    case notInForce
  }

  public var code: Code
  public var message: String
  public var hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
