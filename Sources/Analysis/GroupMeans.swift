import Domain

/// The mean vector of every label, in double.
struct GroupMeans {
  /// Rising.
  var labels: [Int]
  /// Rows that went into each mean.
  var counts: [Int]
  /// `labels.count` rows of means.
  var sums: [Double]

  /// Rows without a label are left out. A label whose rows are all skipped keeps a mean of zero.
  init(of vectors: Vectors, groups: [Int?], skipsZeroRows: Bool) {
    labels = Set(groups.compactMap(\.self)).sorted()
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let width = vectors.width
    counts = [Int](repeating: 0, count: labels.count)
    sums = [Double](repeating: 0, count: labels.count * width)
    for row in 0..<vectors.count {
      guard let label = groups[row], let place = places[label] else { continue }
      let values = vectors[row: row]
      if skipsZeroRows && values.allSatisfy({ $0 == 0 }) { continue }
      counts[place] += 1
      Self.add(values, to: &sums, at: place * width)
    }
    for place in labels.indices where counts[place] > 1 {
      for column in place * width..<(place + 1) * width { sums[column] /= Double(counts[place]) }
    }
  }

  private static func add(_ values: ArraySlice<Float>, to sums: inout [Double], at start: Int) {
    let values = values.span
    var target = sums.mutableSpan
    for column in values.indices { target[start + column] += Double(values[column]) }
  }
}
