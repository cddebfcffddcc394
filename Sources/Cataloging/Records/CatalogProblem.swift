/// Something wrong with a catalog.
public struct CatalogProblem: Equatable, Sendable {
  /// What kind of disagreement it is.
  public enum Kind: String, Sendable {
    /// SQLite's own check failed.
    case damagedFile
    /// A line of the ledger was changed, or is missing.
    case brokenChain
    /// The ledger's triggers are gone.
    case unguardedLedger
    /// A row points at a row that does not exist.
    case brokenReference
    /// An embedding's row number is at or past its shard's count.
    case rowBeyondShard
    /// An embedding's space is not its shard's.
    case spaceMismatch
    /// A current image has no embedding in a space that other images of its source have.
    case missingEmbedding
    /// A file's outcome and its image disagree.
    case outcomeMismatch
    /// No embedding lies in the shard.
    case unusedShard
  }

  public var kind: Kind
  /// What it is about, such as a path.
  public var subject: String
  /// What is wrong. Lower case, no full stop.
  public var message: String
}
