import Analysis
package import Domain
import LinearAlgebra

/// The identities of the set with their pictures' vectors: what variations of one identity are made of.
package struct IdentityCrowd: Sendable {
  /// An identity's own concentration counts from so many pictures on; of fewer it says little.
  static let fewestForConcentration = 5
  /// Donors tried for a borrowed arc.
  static let donorsTried = 16

  private let unit: Vectors
  private let rows: [Int64: [Int]]
  private let prototypes: Prototypes
  private let places: [Int64: Int]
  /// Identities with an arc of their own, rising.
  private let donors: [Int64]
  /// The median concentration of the set; nil where no identity has two pictures.
  private let usual: Double?

  /// - Parameters:
  ///   - unit: unit vectors of the identities' pictures.
  ///   - identities: per row whom it shows; rows without identity take no part.
  package init(_ unit: Vectors, identities: [Int64?]) throws {
    self.unit = unit
    let prototypes = try Prototypes.byIdentity(
      unit, labels: identities.map { $0.map(Int.init) })
    let places = Dictionary(
      uniqueKeysWithValues: prototypes.identities.enumerated().map { (Int64($1), $0) })
    var rows: [Int64: [Int]] = [:]
    for (row, identity) in identities.enumerated() {
      if let identity { rows[identity, default: []].append(row) }
    }
    self.rows = rows
    self.prototypes = prototypes
    self.places = places
    let members = rows
    donors = places.keys.sorted().filter { identity in
      guard let place = places[identity], let own = members[identity], own.count >= 2 else {
        return false
      }
      return own.contains {
        IdentityArc(
          from: prototypes.directions[row: place], to: unit[row: $0], floor: CosineSimilarity(-1))
          != nil
      }
    }
    let many = prototypes.counts.indices.filter {
      prototypes.counts[$0] >= Self.fewestForConcentration
    }
    let counted = many.isEmpty ? Array(prototypes.counts.indices) : many
    usual = Quantile.of(
      counted.compactMap { prototypes[$0].vonMisesFisherConcentration }, at: 0.5)
  }

  /// The prototype's direction; nil where the identity has none.
  package func prototype(of identity: Int64) -> [Float]? {
    guard let place = places[identity], prototypes.concentrations[place] > 1e-9 else { return nil }
    return Array(prototypes.directions[row: place])
  }

  /// True where some identity has a picture off its prototype: its arc can be borrowed by any other.
  var hasArcs: Bool { !donors.isEmpty }

  /// κ of the identity, or the set's median where it has too few pictures to tell.
  func concentration(of identity: Int64) -> Double? {
    guard let place = places[identity],
      prototypes.counts[place] >= Self.fewestForConcentration
    else { return usual }
    return prototypes[place].vonMisesFisherConcentration ?? usual
  }

  /// An arc from the identity's centre towards one of its pictures, even among them; where it has none
  /// that differs from the centre, an arc borrowed from another identity. Nil where nobody has one.
  func arc(
    of identity: Int64, from centre: [Float], floor: CosineSimilarity, _ random: CounterRandom
  ) -> IdentityArc? {
    if let own = ownArc(identity, from: centre, floor: floor, random) { return own }
    guard !donors.isEmpty else { return nil }
    let first = random.index(below: donors.count, at: 1)
    for step in 0..<min(Self.donorsTried, donors.count) {
      let donor = donors[(first + step) % donors.count]
      guard let start = prototype(of: donor),
        let arc = ownArc(donor, from: start, floor: floor, random),
        let borrowed = arc.borrowed(by: centre, floor: floor)
      else { continue }
      return borrowed
    }
    return nil
  }

  private func ownArc(
    _ identity: Int64, from centre: [Float], floor: CosineSimilarity, _ random: CounterRandom
  ) -> IdentityArc? {
    guard let own = rows[identity], own.count >= 2 else { return nil }
    let first = random.index(below: own.count, at: 0)
    for step in own.indices {
      let row = own[(first + step) % own.count]
      if let arc = IdentityArc(from: centre, to: unit[row: row], floor: floor) { return arc }
    }
    return nil
  }
}
