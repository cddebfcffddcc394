public import Domain
import Files

/// The pair graphs of a workspace: immutable files, written aside and renamed into place.
public struct PairGraphStore: Sendable {
  public let root: String

  public init(root: String) { self.root = root }

  /// Begins a graph that will lie at `file`, relative to the root, replacing one there.
  /// - Parameter runLength: pairs held in memory at a time; for tests.
  public func writer(
    _ file: String, _ header: PairGraphHeader, runLength: Int? = nil
  ) -> PairGraphWriter {
    PairGraphWriter(
      store: self, file: file, header: header,
      runLength: max(1, runLength ?? PairGraphWriter.runLength))
  }

  /// Opens a graph and checks all of it.
  /// - Throws: `missing`, `damaged`, `newerVersion`; `otherSpace` where it is about other vectors
  ///   than `space` and `rowsDigest` say.
  public func open(
    _ file: String, expecting space: Space, rowsDigest: String
  ) throws(VectorStorageError) -> PairGraph {
    let graph = try PairGraph(path: path(of: file), file: file)
    guard graph.header.space == space, graph.header.rowsDigest == rowsDigest else {
      throw VectorStorageError(
        code: .otherSpace, message: "the pair graph \(file) is about other vectors",
        hint: "remove the file; it is searched for again when it is needed")
    }
    return graph
  }

  /// What is wrong with a graph's file; nil where it is whole.
  public func check(_ file: String) -> String? {
    do throws(VectorStorageError) {
      _ = try PairGraph(path: path(of: file), file: file)
      return nil
    } catch {
      return error.message
    }
  }

  func path(of file: String) -> String { Paths.join(root, file) }
}
