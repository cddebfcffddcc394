public import Domain

/// A folder of pictures, or a file of imported vectors: where images of one population come from.
public struct SourceRecord: Equatable, Sendable {
  public var id: Int64
  public var population: Population
  /// Absolute path. Never shown in a report.
  public var root: String
  /// The name of the dataset layout the folder was read with.
  public var layout: String
}
