import Domain
import FaceGeneration
import Interchange
import Synchronization
import Testing

@Suite(.enabled(if: Goldens.canRun, Goldens.runAdvice))
struct DiffusionGeneratorTests {
  private func generator(
    _ monitor: DiffusionMonitor = DiffusionMonitor(),
    _ change: (inout DiffusionSettings) throws -> Void = { $0.steps = 4 }
  ) throws -> DiffusionGenerator {
    DiffusionGenerator(try Goldens.pipeline(change), monitor: monitor)
  }

  private func orders(_ rows: [Int], seeds: [UInt64]) throws -> PictureOrders {
    PictureOrders(
      try Goldens.array("identities.npy").vectors(named: "identities").rows(rows), seeds: seeds)
  }

  @Test func `the same order gives the same pixels whatever it is ordered with`() throws {
    for scheduler in [DiffusionScheduler.dpmSolver, .lcm] {
      let generator = try generator { settings in
        settings = DiffusionSettings(scheduler)
        settings.steps = 4
        settings.batch = 3
      }
      let all = try generator.pictures(
        for: orders([0, 1, 0, 1, 0], seeds: [1, 2, 3, 2, 1]))
      #expect(all[0] == all[4] && all[1] == all[3])
      #expect(all[0] != all[2], "another seed is another picture")
      let alone = try generator.pictures(for: orders([1], seeds: [2]))
      #expect(alone[0] == all[1])
    }
  }

  @Test func `an order of nothing is answered with nothing`() throws {
    #expect(try generator().pictures(for: orders([], seeds: [])).isEmpty)
  }

  @Test func `vectors of another width are refused`() throws {
    let wrong = PictureOrders(Vectors(width: 3, rows: [[1, 0, 0]]), seeds: [1])
    let generator = try generator()
    let error = #expect(throws: GenerationError.self) { try generator.pictures(for: wrong) }
    #expect(error?.code == .vectorsUnfit)
  }

  @Test func `the digest knows every setting that changes a picture, and no other`() throws {
    func digest(_ change: (inout DiffusionSettings) throws -> Void) throws -> String {
      try generator(DiffusionMonitor(), change).digest
    }
    let plain = try digest { _ in }
    let others = try [
      digest { $0.steps = 24 }, digest { $0.guidance = 2 }, digest { $0.scheduler = .ddim },
      digest { $0.offset = try Goldens.delta() },
      digest {
        $0.offset = try Goldens.delta()
        $0.strength = 0.5
      },
      digest { $0.offset = try Goldens.delta(scaled: 0.99) },
    ]
    #expect(Set(others + [plain]).count == 7)
    let same = try [
      digest { $0.batch = 7 },
      digest {
        $0.offset = try Goldens.delta()
        $0.strength = 0
      },
    ]
    #expect(same == [plain, plain])
  }

  @Test func `it stops at the step where it is asked to`() throws {
    let counter = Counter()
    let monitor = DiffusionMonitor(
      shouldStop: { counter.value == 2 }, stepDone: { counter.add() })
    let generator = try generator(monitor)
    let order = try orders([0, 1], seeds: [1, 2])
    let error = #expect(throws: GenerationError.self) { try generator.pictures(for: order) }
    #expect(error?.code == .interrupted && counter.value == 2)
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add() { count.wrappingAdd(1, ordering: .relaxed) }
}
