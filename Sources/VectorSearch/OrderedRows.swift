import Domain

/// Rows in another order, without a copy of them.
struct OrderedRows: VectorRows {
  let vectors: Vectors
  /// The row at each place.
  let order: [UInt32]

  init(_ vectors: Vectors, order: [UInt32]) {
    precondition(order.count == vectors.count)
    self.vectors = vectors
    self.order = order
  }

  var count: Int { vectors.count }
  var width: Int { vectors.width }

  func append(_ stretch: Range<Int>, to values: inout [Float]) {
    for row in order[stretch] { values.append(contentsOf: vectors[row: Int(row)]) }
  }

  /// Does nothing: the rows are in memory.
  func release() {}

  /// Pairs whose targets are places, by query and falling similarity: the same with targets that are rows,
  /// ties by row.
  func inOwnOrder(_ pairs: [VectorPair]) -> [VectorPair] {
    var pairs = pairs
    for place in pairs.indices {
      pairs[place].target = Int(order[pairs[place].target])
      var own = place
      while own > 0, pairs[own - 1].query == pairs[own].query,
        pairs[own - 1].similarity == pairs[own].similarity,
        pairs[own - 1].target > pairs[own].target
      {
        pairs.swapAt(own - 1, own)
        own -= 1
      }
    }
    return pairs
  }
}
