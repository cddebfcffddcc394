internal import Domain
internal import Execution
internal import Synchronization

/// One running program: starts it, asks it, starts it again where it died.
final class ExecWorker: Sendable {
  private let description: ExecDescription
  private let dialogue: ExecProtocol
  private let desk = Mutex(Desk())

  private struct Desk {
    var child: ChildProcess?
    var readiness: ExecProtocol.Readiness?
    /// Requests made, over all starts: no two have the same number.
    var requests = 0
  }

  init(_ description: ExecDescription) {
    self.description = description
    dialogue = ExecProtocol(name: description.name)
  }

  deinit { desk.withLock { $0.child?.end() } }

  func shakeHands() throws -> String {
    try desk.withLock { try ready(&$0).1.name }
  }

  func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    try desk.withLock { desk in
      var pictures: [GeneratedPicture] = []
      while pictures.count < orders.count {
        let own = try ready(&desk).1.batch ?? description.batch
        let count = min(max(1, min(description.batch, own)), orders.count - pictures.count)
        let rows = pictures.count..<pictures.count + count
        let part = PictureOrders(orders.vectors.rows(rows), seeds: Array(orders.seeds[rows]))
        pictures += try asked(part, &desk)
      }
      return pictures
    }
  }

  /// The running program, started and greeted where there is none.
  private func ready(_ desk: inout Desk) throws -> (ChildProcess, ExecProtocol.Readiness) {
    if let child = desk.child, let readiness = desk.readiness { return (child, readiness) }
    do {
      let child = try ChildProcess(description.program)
      let line = try child.exchange(
        dialogue.greeting(description.input), seconds: description.startSeconds,
        limit: ExecProtocol.longestLine)
      let readiness = try dialogue.readiness(line)
      desk.child = child
      desk.readiness = readiness
      return (child, readiness)
    } catch let error as ChildError {
      throw failure(error, "did not get ready")
    }
  }

  /// One request, made again of a new program where the one asked ended or was late.
  private func asked(_ orders: PictureOrders, _ desk: inout Desk) throws -> [GeneratedPicture] {
    var tries = 0
    while true {
      tries += 1
      do {
        return try answer(to: orders, &desk)
      } catch let error as ChildError {
        drop(&desk)
        let isWorthAnother = error.code == .died || error.code == .tookTooLong
        if !isWorthAnother || tries == ExecGenerator.tries {
          throw failure(error, "failed" + (tries > 1 ? " \(tries) times in a row" : ""))
        }
      } catch {
        // What it says next would be the answer to something else.
        drop(&desk)
        throw error
      }
    }
  }

  private func answer(
    to orders: PictureOrders, _ desk: inout Desk
  ) throws -> [GeneratedPicture] {
    let (child, _) = try ready(&desk)
    let files = try ExecExchange(orders.vectors)
    desk.requests += 1
    let line = try child.exchange(
      dialogue.request(
        id: desk.requests, seeds: orders.seeds, vectors: files.vectorsPath,
        output: files.outputPath),
      seconds: description.batchSeconds, limit: ExecProtocol.longestLine)
    let answers = try dialogue.answers(line, id: desk.requests, count: orders.count)
    return try answers.map { answer in
      switch answer {
      case .none(let reason): .none(reason: reason)
      case .file(let name): try sized(files.picture(name), name)
      }
    }
  }

  private func drop(_ desk: inout Desk) {
    desk.child?.end()
    desk.child = nil
    desk.readiness = nil
  }

  /// - Throws: `programUnfit` for a picture of another size than the one described.
  private func sized(_ answer: GeneratedPicture, _ name: String) throws -> GeneratedPicture {
    guard let picture = answer.picture else { return answer }
    let wanted = (description.width ?? picture.width, description.height ?? picture.height)
    guard (picture.width, picture.height) == wanted else {
      throw GenerationError(
        .programUnfit,
        """
        generator \(description.name) gave \(name) of \(picture.width)x\(picture.height) pixels, its \
        manifest says \(wanted.0)x\(wanted.1)
        """, hint: "correct 'output' in its manifest, or the program")
    }
    return answer
  }

  private func failure(_ error: ChildError, _ what: String) -> GenerationError {
    let isUnfit = error.code == .answerTooLong || error.code == .spokeUnasked
    let late =
      "raise 'exec.timeoutSeconds' or 'exec.startSeconds' in its manifest, or lower 'exec.batch'"
    return GenerationError(
      isUnfit ? .programUnfit : .programFailed,
      "generator \(description.name) \(what): \(error.message)",
      hint: error.code == .tookTooLong
        ? late : error.hint ?? "try it with: d2r-curate models verify")
  }
}
