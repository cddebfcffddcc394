/// Cuts the range of the slerp parameter into equal bins and sees to it that accepted pictures come
/// from all of them.
///
/// Attempt `n` belongs to bin `n` mod `count`, whatever was accepted before, so the same attempt is
/// always the same picture. What the state decides is only which attempt numbers are passed over: those
/// of bins that have their share. A number passed over was never asked for and costs nothing.
package struct ArcBins: Equatable, Sendable {
  package let count: Int
  /// Accepted pictures that fill a bin.
  package let share: Int
  /// Attempts after which a bin that is not full counts as out of reach.
  package let patience: Int
  /// True where bins are never filled beyond their share; else what bins out of reach leave open is
  /// taken from the others.
  package let isStrict: Bool
  package private(set) var accepted: [Int]
  package private(set) var attempts: [Int]

  /// No bins: every attempt draws from the whole range.
  package static let one = ArcBins(count: 1, wanted: .max, attemptsPerPicture: 1, isStrict: false)

  /// - Parameters:
  ///   - wanted: pictures the identity misses; a bin's share is this over `count`, rounded up.
  package init(count: Int, wanted: Int, attemptsPerPicture: Int, isStrict: Bool) {
    let count = max(1, count)
    self.count = count
    self.isStrict = isStrict
    share = count == 1 ? .max : (wanted + count - 1) / count
    patience = count == 1 ? .max : share * attemptsPerPicture
    accepted = Array(repeating: 0, count: count)
    attempts = Array(repeating: 0, count: count)
  }

  mutating func count(_ number: Int, isAccepted: Bool) {
    attempts[number % count] += 1
    if isAccepted { accepted[number % count] += 1 }
  }

  /// False where nothing more may be asked for.
  package var hasOpenBin: Bool { !isStrict || accepted.indices.contains(where: isReachable) }

  /// Bins that are short of their share and out of reach.
  package var unreachable: Int {
    accepted.indices.count { accepted[$0] < share && attempts[$0] >= patience }
  }

  /// At most `wanted` attempt numbers from `start` on whose bins are not full, rising; at least one
  /// where a bin is open. Counts on every one of them being accepted.
  package func numbers(_ wanted: Int, from start: Int) -> [Int] {
    let reachable = accepted.indices.map(isReachable)
    let isFree = !isStrict && !reachable.contains(true)
    var room = accepted.indices.map { bin in
      if isFree { return Int.max }
      return reachable[bin] ? min(share - accepted[bin], patience - attempts[bin]) : 0
    }
    var numbers: [Int] = []
    var number = start
    while numbers.count < wanted, room.contains(where: { $0 > 0 }) {
      if room[number % count] > 0 {
        numbers.append(number)
        room[number % count] -= 1
      }
      number += 1
    }
    return numbers
  }

  /// The slerp parameter of attempt `number`: a share `uniform` (0 ..< 1) of the way through its bin.
  func place(_ number: Int, in range: ClosedRange<Double>, _ uniform: Double) -> Double {
    let span = range.upperBound - range.lowerBound
    return range.lowerBound + span * ((Double(number % count) + uniform) / Double(count))
  }

  private func isReachable(_ bin: Int) -> Bool {
    accepted[bin] < share && attempts[bin] < patience
  }
}
