import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct SphericalCapTests {
  @Test(arguments: [0.01, 0.3, 1, 1.5, 2, 3])
  func `on the circle and on the sphere the share has its closed form`(angle: Double) {
    #expect(abs(SphericalCap.share(angle: angle, width: 2) - angle / Double.pi) < 1e-12)
    #expect(abs(SphericalCap.share(angle: angle, width: 3) - (1 - cos(angle)) / 2) < 1e-12)
    // In four dimensions (α - sin α cos α) / π.
    let four = (angle - sin(angle) * cos(angle)) / Double.pi
    #expect(abs(SphericalCap.share(angle: angle, width: 4) - four) < 1e-12)
  }

  @Test func `the ends are nothing, half and all, and tiny caps keep their logarithm`() {
    for width in [2, 3, 128, 512] {
      #expect(SphericalCap.share(angle: 0, width: width) == 0)
      #expect(abs(SphericalCap.share(angle: Double.pi / 2, width: width) - 0.5) < 1e-7)
      #expect(SphericalCap.share(angle: Double.pi, width: width) == 1)
    }
    // Too small for a double; next to the pole the share is ∝ α^(d - 1).
    let small = SphericalCap.logShare(angle: 0.01, width: 512)
    let half = SphericalCap.logShare(angle: 0.005, width: 512)
    #expect(small < -2300 && abs(small - half - 511 * M_LN2) < 0.01)
  }

  @Test func `it is the share of even directions that fall into the cap`() {
    let rows = Planted.unit(rows: 40_000, width: 8, seed: 5)
    for angle in [0.6, 1.2, 1.9] {
      let inside = (0..<rows.count).count { Double(rows.values[$0 * 8]) >= cos(angle) }
      let share = SphericalCap.share(angle: angle, width: 8)
      let deviation = (share * (1 - share) / 40_000).squareRoot()
      #expect(abs(Double(inside) / 40_000 - share) < 4 * deviation, "angle \(angle)")
    }
  }
}

struct IdentityCapacityTests {
  private func capacity(
    _ population: Double, _ identity: Double, _ threshold: Double, width: Int
  ) -> Double {
    IdentityCapacity(
      populationHalfAngle: population, identityHalfAngle: identity,
      threshold: CosineSimilarity(Float(cos(threshold))), width: width
    ).identities
  }

  @Test func `on a whole circle as many arcs fit as there is room for`() {
    // Arcs of 10 degrees each side: 18 fit on the circle.
    let ten = Double.pi / 18
    #expect(abs(capacity(Double.pi, ten, 0, width: 2) - 18) < 1e-6)
    // The threshold asks for half its angle on each side: 12 degrees of distance leave 360 / 32.
    #expect(abs(capacity(Double.pi, ten, Double.pi / 15, width: 2) - 11.25) < 1e-4)
  }

  @Test func `on the sphere it is the ratio of the caps, and never below 1`() {
    let expected = (1 - cos(1.2)) / (1 - cos(0.3))
    #expect(abs(capacity(1.1, 0.2, 0.2, width: 3) - expected) < 1e-5)
    #expect(capacity(0.1, 0.9, 0.5, width: 3) == 1)
    #expect(capacity(1, 0, 0, width: 8) == .infinity)
  }

  @Test func `packed circles on the sphere stay below the bound`() throws {
    for degrees in [20.0, 35, 50] {
      let angle = degrees * Double.pi / 180
      var request = SpherePacking.Request(count: 10_000, mostProposals: 20_000, seed: 1, threads: 2)
      request.count = 10_000
      let packed = try SpherePacking(below: CosineSimilarity(Float(cos(angle)))).pack(
        around: Vectors(count: 0, width: 3, values: []), from: .sphere(width: 3), request
      ) { rows in (0..<rows.count).map { _ in nil } }
      let bound = capacity(Double.pi, 0, angle, width: 3)
      #expect(Double(packed.placed.count) <= bound, "\(degrees): \(packed.placed.count), \(bound)")
      // Random packing fills about half of the surface.
      #expect(Double(packed.placed.count) > 0.4 * bound, "\(packed.placed.count) of \(bound)")
    }
  }

  @Test func `the spread of planted identities is found again`() throws {
    // Two dimensions: prototypes on an arc of 80 degrees, pictures 5 degrees to either side.
    let degree = Double.pi / 180
    var rows: [[Float]] = []
    var labels: [Int?] = []
    for person in 0..<41 {
      for side in [-5.0, 5] {
        let angle = (Double(person) * 2 + side) * degree
        rows.append([Float(cos(angle)), Float(sin(angle))])
        labels.append(person)
      }
    }
    let unit = Vectors(width: 2, rows: rows)
    let prototypes = try Prototypes.byIdentity(unit, labels: labels)
    let population = try #require(
      try IdentitySpread.population(prototypes, seed: 1, threads: 2))
    // All but a twentieth see another at most this far away: between 39 and 40 degrees, halved.
    #expect(abs(population / degree - 39) < 1.01)
    let identity = try #require(
      try IdentitySpread.identity(unit, labels: labels, threads: 2))
    #expect(abs(identity / degree - 5) < 0.01)
    #expect(try IdentitySpread.identity(unit, labels: rows.indices.map { $0 }, threads: 1) == nil)
    let one = try Prototypes.byIdentity(unit.rows(0..<1), labels: [1])
    #expect(try IdentitySpread.population(one, seed: 1, threads: 1) == nil)
  }

  @Test func `chance gives N(N - 1)/2 times the rate, and the budget is met by the last N`() throws
  {
    #expect(ChanceCollisions.expected(identities: 1000, rate: 1e-5) == 4.995)
    for (budget, rate) in [(1.0, 1e-4), (1, 1e-6), (5, 3e-3), (0, 1e-3)] {
      let most = try #require(ChanceCollisions.mostIdentities(budget: budget, rate: rate))
      #expect(ChanceCollisions.expected(identities: most, rate: rate) <= budget * (1 + 1e-9))
      #expect(ChanceCollisions.expected(identities: most + 1, rate: rate) > budget)
    }
    #expect(ChanceCollisions.mostIdentities(budget: 1, rate: 0) == nil)
    // As many collide in a simulation: even directions in 16 dimensions.
    let rows = Planted.unit(rows: 600, width: 16, seed: 9)
    let rate = SphericalCap.share(angle: acos(0.6), width: 16)
    let cosines = rows.similarities(to: rows)
    var found = 0
    for a in 0..<600 { for b in 0..<a where cosines[a * 600 + b] >= 0.6 { found += 1 } }
    let usual = PoissonInterval(
      expected: ChanceCollisions.expected(identities: 600, rate: rate))
    #expect((usual.low - 20...usual.high + 20).contains(found), "\(found), \(usual)")
  }
}
