public import Domain

/// Makes faiss indexes by a factory string.
///
/// "Flat" compares with every vector and is exact. "IVF256,Flat" looks into the nearest of 256
/// clusters only, "HNSW32" walks a graph: both may miss targets, never report wrong similarities.
/// Building uses one thread, so that the same vectors make the same index everywhere.
public struct FaissIndexBuilder: VectorIndexBuilder {
  public let factory: String
  /// Threads a search may use, at least 1. Answers do not depend on it.
  public let threads: Int
  /// faiss's search-time parameters, such as "nprobe=16" or "efSearch=64".
  public var settings = ""
  /// The most pairs one answer may hold; a pair takes 24 bytes.
  public var pairLimit = 50_000_000

  /// - Precondition: `threads > 0`.
  public init(factory: String = "Flat", threads: Int) {
    precondition(threads > 0)
    self.factory = factory
    self.threads = threads
  }

  /// An index over the rows; over none it answers nothing, whatever the factory.
  /// - Throws: `notUnitVector` naming the first row that is zero, not finite or not of length 1;
  ///   `badFactory` with faiss's reason.
  public func index(_ unitVectors: Vectors) throws -> any VectorIndex {
    try faissIndex(unitVectors)
  }

  /// The same, by its own type.
  public func faissIndex(_ unitVectors: Vectors) throws(VectorSearchError) -> FaissIndex {
    try UnitCheck.require(unitVectors, role: "row")
    let handle =
      unitVectors.count == 0
      ? nil : try FaissHandle(unitVectors, factory: factory, settings: settings)
    return FaissIndex(
      vectors: unitVectors, handle: handle, threads: threads, pairLimit: pairLimit)
  }
}
