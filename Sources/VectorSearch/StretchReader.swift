import Domain
import LinearAlgebra

/// Rows of a set, lent a stretch at a time.
struct StretchReader {
  private let rows: any VectorRows
  /// The rows, where they are in memory.
  private let whole: Vectors?
  /// Where those in memory stand by another order.
  private let order: [UInt32]?
  /// Those read of this stretch, where they are not.
  private var values: [Float] = []
  /// Place in `values` by row of the stretch.
  private var places: [UInt32: UInt32] = [:]

  init(_ rows: any VectorRows) {
    self.rows = rows
    let ordered = rows as? OrderedRows
    whole = rows as? Vectors ?? ordered?.vectors
    order = ordered?.order
  }

  /// Reads each row of the lists once.
  mutating func take(_ lists: [ArraySlice<UInt32>]) {
    guard whole == nil else { return }
    values.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    for row in lists.joined() where places[row] == nil {
      places[row] = UInt32(places.count)
      rows.append(Int(row)..<Int(row) + 1, to: &values)
    }
  }

  /// Row `query` of `queries` with rows that were taken.
  func similarities(
    _ queries: Vectors, _ query: Int, _ list: ArraySlice<UInt32>, _ path: KernelPath
  ) -> [Float] {
    let right = whole?.values ?? values
    let list = located(list)
    return unsafe queries.values.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        // Every row of the list lies inside the set, or was read.
        unsafe FixedDot.similarities(
          left, query, right, list, width: rows.width, path: path)
      }
    }
  }

  /// Where the rows of a list stand in memory.
  private func located(_ list: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    if whole == nil { return list.map { places[$0] ?? 0 }[...] }
    guard let order else { return list }
    return list.map { order[Int($0)] }[...]
  }
}
