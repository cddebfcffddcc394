import LinearAlgebra
import Testing

struct CounterRandomTests {
  // philox4x32 with 10 rounds, from the file kat_vectors of Random123 1.14.0.
  @Test func `the published known answers come back`() {
    let zeros = CounterRandom(seed: 0, stream: 0).block(at: 0)
    #expect(zeros == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = CounterRandom(seed: .max, stream: .max).block(at: .max)
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = CounterRandom(seed: 0x299f_31d0_a409_3822, stream: 0x0370_7344_1319_8a2e)
      .block(at: 0x85a3_08d3_243f_6a88)
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func `uniform numbers lie in 0 ..< 1 and have the moments of one`() {
    let random = CounterRandom(seed: 7, stream: 1)
    let draws = (0..<UInt64(100_000)).map { random.uniform(at: $0) }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = draws.reduce(0, +) / 100_000
    let square = draws.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(abs(mean - 0.5) < 0.005)
    #expect(abs(square - 1.0 / 3) < 0.005)
  }

  @Test func `gaussians have mean 0, variance 1 and the tails of the normal law`() {
    let draws = CounterRandom(seed: 7, stream: 2).gaussians(count: 100_000).map(Double.init)
    let mean = draws.reduce(0, +) / 100_000
    let variance = draws.reduce(0) { $0 + $1 * $1 } / 100_000
    let beyondTwo = draws.filter { abs($0) > 2 }.count
    #expect(abs(mean) < 0.015)
    #expect(abs(variance - 1) < 0.02)
    #expect(abs(Double(beyondTwo) / 100_000 - 0.0455) < 0.003)
  }

  @Test func `a draw depends on its place only, not on how many are asked for`() {
    let random = CounterRandom(seed: 3, stream: 9)
    let all = random.gaussians(count: 50)
    #expect(random.gaussians(count: 20, from: 30) == Array(all[30...]))
    #expect(random.gaussian(at: 41) == all[41])
  }

  @Test func `streams and seeds differ`() {
    let first = CounterRandom(seed: 1, stream: 0).bits(at: 0)
    #expect(first != CounterRandom(seed: 2, stream: 0).bits(at: 0))
    #expect(first != CounterRandom(seed: 1, stream: 1).bits(at: 0))
  }

  @Test func `a shuffle holds every number once and reaches every place evenly`() {
    #expect(CounterRandom(seed: 5).shuffled(count: 0) == [])
    #expect(CounterRandom(seed: 5).shuffled(count: 1) == [0])
    #expect(CounterRandom(seed: 5).shuffled(count: 100).sorted() == Array(0..<100))
    var zeroAt = [0, 0, 0, 0]
    for stream in 0..<UInt64(4000) {
      let order = CounterRandom(seed: 5, stream: stream).shuffled(count: 4)
      for (place, number) in order.enumerated() where number == 0 { zeroAt[place] += 1 }
    }
    #expect(zeroAt.allSatisfy { abs($0 - 1000) < 120 }, "\(zeroAt)")
  }
}

struct SeedTests {
  // The first three outputs of SplitMix64 from state 0, published with the algorithm.
  @Test func `the mixer gives SplitMix64's published outputs`() {
    let step: UInt64 = 0x9E37_79B9_7F4A_7C15
    #expect(Seed.mixed(0) == 0xE220_A839_7B1D_CDAF)
    #expect(Seed.mixed(step) == 0x6E78_9E6A_A1B9_65F4)
    #expect(Seed.mixed(2 &* step) == 0x06C4_5D18_8009_454F)
  }

  @Test func `names and parents give different seeds, the same ones the same`() {
    #expect(Seed.derived(from: "delta", parent: 1) == Seed.derived(from: "delta", parent: 1))
    let seeds = Set([
      Seed.derived(from: "delta", parent: 1), Seed.derived(from: "delta", parent: 2),
      Seed.derived(from: "delta2", parent: 1), Seed.derived(from: "", parent: 1),
      Seed.derived(from: "", parent: 0),
    ])
    #expect(seeds.count == 5)
  }
}
