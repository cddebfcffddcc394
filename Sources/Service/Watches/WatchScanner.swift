internal import Diagnostics
internal import Execution
internal import Files
internal import Synchronization

/// Looks into watched folders now and then: this works on every file system, also where another
/// machine writes. Each look has a thread of its own.
final class WatchScanner: Sendable {
  /// What `index` reads.
  static let extensions: Set<String> = ["png", "jpg", "jpeg", "webp"]
  /// A look that takes long comes so many times more seldom.
  static let leisure = 20.0

  private struct State {
    var busy: Set<Int64> = []
    var next: [Int64: ContinuousClock.Instant] = [:]
  }

  private let store: ServiceStore
  private let events: ServiceEvents
  private let pause: Double
  private let log: @Sendable (String) -> Void
  private let done: @Sendable () -> Void
  private let state = Mutex(State())

  /// - Parameter done: called where a look has queued a job.
  init(
    store: ServiceStore, events: ServiceEvents, pause: Double,
    log: @escaping @Sendable (String) -> Void, done: @escaping @Sendable () -> Void
  ) {
    self.store = store
    self.events = events
    self.pause = pause
    self.log = log
    self.done = done
  }

  /// Begins to look where it is time.
  func tick() async {
    do {
      for watch in try await store.watches() where !watch.isPaused {
        let isTime = state.withLock { state in
          if let next = state.next[watch.id], ContinuousClock.now < next { return false }
          return state.busy.insert(watch.id).inserted
        }
        guard isTime else { continue }
        if !LongThread.start({ self.look(into: watch) }) { end(watch.id, seconds: 0) }
      }
    } catch {
      log("watches cannot be read: \(explained(error))")
    }
  }

  private func look(into watch: Watch) {
    let watchTime = Stopwatch()
    let scan = Self.scan(watch.path)
    // What the folder costs, and not how long the store was busy with others.
    let seconds = watchTime.seconds
    do {
      let job = try Blocking.wait { try await self.store.note(scan, of: watch.id) }
      if let job {
        events.publish("job", job.brief)
        done()
      }
    } catch {
      log("watch \(watch.id) cannot be noted: \(explained(error))")
    }
    end(watch.id, seconds: seconds)
  }

  private func end(_ id: Int64, seconds: Double) {
    state.withLock { state in
      state.busy.remove(id)
      state.next[id] = .now + .seconds(max(pause, seconds * Self.leisure))
    }
  }

  /// The pictures below a folder as they are now.
  private static func scan(_ path: String) -> WatchScan {
    do {
      var scan = WatchScan()
      for file in try FolderWalk.files(under: path, extensions: extensions).files {
        // A file that has gone since is seen the next time, or not.
        scan.files[file] = try? FileSystem.identity(of: Paths.join(path, file))
      }
      return scan
    } catch {
      return WatchScan(problem: error.message)
    }
  }
}

/// What one look into a watched folder saw.
struct WatchScan: Equatable, Sendable {
  /// By path below the folder: what changes when the file does.
  var files: [String: String] = [:]
  /// Why the folder could not be read; nothing is known of the files then.
  var problem: String?
}
