/// Labels renumbered from 0 in order of first appearance; every nil becomes a label of its own.
struct DenseLabels {
  var labels: [Int] = []
  /// How many different labels there are.
  var count = 0

  init(_ given: [Int?]) {
    labels.reserveCapacity(given.count)
    var places: [Int: Int] = [:]
    for label in given {
      if let label, let place = places[label] {
        labels.append(place)
        continue
      }
      if let label { places[label] = count }
      labels.append(count)
      count += 1
    }
  }
}
