internal import Cataloging
internal import Cryptography
internal import Curation
internal import Domain
internal import Execution
internal import Files
internal import Synchronization
internal import VectorSearch

/// Finds the nearest images for many callers at once.
///
/// Vectors stay mapped; each engine's own form of them is made once and kept until other images have
/// vectors. Questions that come while one is answered are answered together in the next pass.
final class SearchDesk: Sendable {
  enum Engine: String, CaseIterable, Sendable { case exact, faiss }

  /// What is searched.
  struct Field: Hashable, Sendable {
    var space: String
    var populations: Set<Population>
    var engine: Engine
  }

  struct Hit: Sendable {
    var image: Int64
    var similarity: CosineSimilarity
  }

  /// Fields kept ready; the one asked least lately goes first.
  private static let kept = 3

  private struct Shelf {
    var lanes: [(field: Field, lane: Task<SearchLane, any Error>)] = []
    /// The catalog's version the lanes were last found good at.
    var version = ""
    var contents = ""
  }

  private let desk: Desk
  private let settings: ExactSettings
  private let shelf = Mutex(Shelf())

  /// - Parameter memory: most bytes one engine may hold, apart from mapped rows.
  init(desk: Desk, threads: Int, memory: Int) {
    self.desk = desk
    settings = ExactSettings(threads: threads, memory: memory)
  }

  /// The lane of a field, made where it is not ready.
  func lane(_ field: Field) async throws -> SearchLane {
    try await refresh()
    let task = shelf.withLock { shelf -> Task<SearchLane, any Error> in
      if let place = shelf.lanes.firstIndex(where: { $0.field == field }) {
        let found = shelf.lanes.remove(at: place)
        shelf.lanes.append(found)
        return found.lane
      }
      let (context, settings) = (desk.context, settings)
      let fresh = Task.detached {
        let rows = try await context.searchRows(field.space, field.populations)
        return try SearchLane(
          rows, engine: field.engine, settings: settings,
          kept: Self.kept(rows, of: field, in: context.workspace.root))
      }
      shelf.lanes.append((field, fresh))
      if shelf.lanes.count > Self.kept { shelf.lanes.removeFirst() }
      return fresh
    }
    do { return try await task.value } catch {
      shelf.withLock { $0.lanes.removeAll { $0.field == field } }
      throw error
    }
  }

  /// Fewer rows are rounded in no time.
  private static let fewest = 20_000

  /// Where the rounded rows of a field are kept; nil for those that are not.
  private static func kept(_ rows: SearchRows, of field: Field, in workspace: String) -> KeptScreen?
  {
    guard let digest = rows.digest, rows.rows.count >= fewest,
      field.populations.count == Population.allCases.count
    else { return nil }
    let name = Hex.string(Array(SHA256.digest(of: Array(field.space.utf8)).prefix(8)))
    return KeptScreen(path: Paths.join(workspace, "service/\(name).screen"), name: digest)
  }

  /// Lets go of every lane where images with vectors came or went.
  private func refresh() async throws {
    let version = try await desk.catalog.version()
    guard shelf.withLock({ $0.version != version }) else { return }
    let contents = try await desk.catalog.indexedContents()
    shelf.withLock { shelf in
      if shelf.contents != contents { shelf.lanes = [] }
      shelf.contents = contents
      shelf.version = version
    }
  }
}

/// One field made ready, and the questions that wait for it.
final class SearchLane: Sendable {
  /// Questions answered in one pass over the rows.
  private static let together = 12

  private struct Question {
    var vector: [Float]
    var count: Int
    var answer: CheckedContinuation<[SearchDesk.Hit], any Error>
  }

  private struct Waiting {
    var questions: [Question] = []
    var isWorking = false
  }

  let rows: SearchRows
  let index: any VectorIndex
  private let waiting = Mutex(Waiting())

  init(
    _ rows: SearchRows, engine: SearchDesk.Engine, settings: ExactSettings,
    kept: KeptScreen? = nil
  ) throws {
    self.rows = rows
    switch engine {
    case .exact: index = ExactIndexBuilder(settings).index(rows: rows.rows, kept: kept)
    case .faiss:
      let bytes = rows.rows.count * rows.rows.width * 4
      guard bytes <= settings.memory else {
        throw Problem(
          422, "tooLarge", "faiss would hold \(bytes >> 20) MiB of vectors in memory",
          hint: "use the exact engine, or start the server with a larger --search-memory")
      }
      var values: [Float] = []
      values.reserveCapacity(rows.rows.count * rows.rows.width)
      rows.rows.append(0..<rows.rows.count, to: &values)
      index = try FaissIndexBuilder(threads: settings.threads).index(
        Vectors(count: rows.rows.count, width: rows.rows.width, values: values))
    }
  }

  /// The `count` nearest images, the most similar first.
  /// - Parameter vector: of the space's width and length 1.
  func nearest(_ count: Int, to vector: [Float]) async throws -> [SearchDesk.Hit] {
    try await withCheckedThrowingContinuation { answer in
      let starts = waiting.withLock { waiting in
        waiting.questions.append(Question(vector: vector, count: count, answer: answer))
        defer { waiting.isWorking = true }
        return !waiting.isWorking
      }
      if starts, !LongThread.start({ self.work() }) { work() }
    }
  }

  /// Answers until nobody waits.
  private func work() {
    while true {
      let questions = waiting.withLock { waiting -> [Question] in
        let next = Array(waiting.questions.prefix(Self.together))
        waiting.questions.removeFirst(next.count)
        if next.isEmpty { waiting.isWorking = false }
        return next
      }
      if questions.isEmpty { return }
      answer(questions)
    }
  }

  private func answer(_ questions: [Question]) {
    let width = rows.rows.width
    let queries = Vectors(
      count: questions.count, width: width, values: questions.flatMap(\.vector))
    do {
      let pairs = try index.nearest(questions.map(\.count).max() ?? 1, to: queries)
      var hits = [[SearchDesk.Hit]](repeating: [], count: questions.count)
      for pair in pairs where hits[pair.query].count < questions[pair.query].count {
        hits[pair.query].append(
          SearchDesk.Hit(image: rows.images[pair.target], similarity: pair.similarity))
      }
      for (question, hits) in zip(questions, hits) { question.answer.resume(returning: hits) }
    } catch {
      for question in questions { question.answer.resume(throwing: error) }
    }
  }
}
