import Cataloging
import Domain
import Testing

/// Random sequences of decisions, answers and undoings against a model that is written another way:
/// a line counts unless a counting line takes it back.
@Suite struct LedgerModelTests {
  /// A small generator with a printed seed (SplitMix64).
  struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(sides))
    }
  }

  /// What the lines mean, worked out from the last to the first.
  struct Model {
    private(set) var images: [Int64: DecisionAction] = [:]
    private(set) var answers: [ImagePair: DecisionAction] = [:]

    init(_ lines: [DecisionRecord]) {
      var undone: Set<Int64> = []
      for line in lines.reversed() where !undone.contains(line.sequence) {
        if let taken = line.undoes {
          undone.insert(taken)
          continue
        }
        let decision = line.decision
        if decision.action.isAboutPair, let other = decision.other {
          let pair = ImagePair(decision.image, other)
          answers[pair] = answers[pair] ?? decision.action
        } else {
          images[decision.image] = images[decision.image] ?? decision.action
        }
      }
    }

    var aside: Set<Int64> { Set(images.filter { $0.value.putsAside }.keys) }
  }

  @Test(arguments: 1...12)
  func `the ledger says what the model says, after every step`(seed: Int) async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    _ = try await catalog.commit(batch(source: source, count: 4))
    var dice = Dice(state: UInt64(seed))
    for step in 0..<60 {
      try await act(&dice, on: catalog)
      let lines = try await catalog.decisions()
      let model = Model(lines)
      let standing = try await catalog.standing()
      #expect(standing.aside == model.aside, "seed \(seed), step \(step)")
      #expect(standing.images.mapValues(\.decision.action) == model.images, "seed \(seed)")
      #expect(standing.pairs.mapValues(\.decision.action) == model.answers, "seed \(seed)")
      let flagged = try await catalog.images(ImageFilter(includesQuarantined: true))
        .filter(\.isQuarantined).map(\.id)
      #expect(Set(flagged) == model.aside, "seed \(seed), step \(step)")
      #expect(lines.enumerated().allSatisfy { $1.sequence == Int64($0 + 1) })
    }
    #expect(try await catalog.check().isEmpty)
    #expect(try await catalog.ledgerHead().count == catalog.decisions().count)
  }

  /// One random command; what the catalog refuses changes nothing.
  private func act(_ dice: inout Dice, on catalog: Catalog) async throws {
    let image = Int64(1 + dice.roll(4))
    let other = 1 + image % 4
    let person = ["ada", "bob"][dice.roll(2)]
    func says(_ action: DecisionAction, rule: String = "review") -> NewDecision {
      NewDecision(
        image: image, other: action.isAboutPair ? other : nil, action: action, author: person,
        rule: rule, reason: "")
    }
    do {
      switch dice.roll(9) {
      case 0, 1:
        let rules = (0...dice.roll(3)).map { _ in
          NewDecision(
            image: Int64(1 + dice.roll(4)), other: other, action: .quarantine,
            rule: ["near", "leak"][dice.roll(2)], reason: "")
        }
        _ = try await catalog.append(rules)
      case 2: _ = try await catalog.append([says(.quarantine)])
      case 3: _ = try await catalog.append([says(.restore)])
      case 4: _ = try await catalog.append([says(.protect)])
      case 5: _ = try await catalog.unprotect([image], by: person)
      case 6: _ = try await catalog.undoLastBatch(by: person)
      case 7:
        let lines = try await catalog.decisions().count
        _ = try await catalog.undo(sequence: Int64(1 + dice.roll(max(1, lines))), by: person)
      default:
        _ = try await catalog.answer([says([.same, .different, .unsure][dice.roll(3)])])
      }
    } catch let error as CatalogError {
      #expect(error.code == .notInForce || error.code == .unknownRecord, "\(error)")
    }
  }
}
