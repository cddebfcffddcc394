internal import Cataloging
internal import Diagnostics
internal import Execution
internal import HTTPServer

/// Every operation the daemon answers.
struct RouteTable: Sendable {
  let desk: Desk
  let work: ServiceWork
  let feed: EventFeed
  let tokens: TokenBook
  let metrics: Metrics
  let options: CuratorDaemon.Options

  var routes: [Route] {
    let (work, store, desk, tokens) = (work, work.store, desk, tokens)
    let search = SearchDesk(
      desk: desk, threads: options.searchThreads, memory: options.searchMemory)
    let status = StatusRoutes(desk: desk) {
      let counts = try await store.jobCounts()
      return StatusRoutes.JobCounts(
        queued: counts[.queued] ?? 0, running: counts[.running] ?? 0, failed: counts[.failed] ?? 0)
    }
    let review = ReviewRoutes(desk: desk) { work.events.publish("change", ["what": "ledger"]) }
    let admin = AdminRoutes(store: store, settings: settings) {
      try? await tokens.reload(from: store)
    }
    return health.routes + PageRoutes().routes + status.routes
      + CatalogRoutes(
        desk: desk, pictures: PictureDesk(desk: desk) { try await store.record($0) }
      ).routes
      + SearchRoutes(desk: desk, search: search, embedding: desk.worker).routes
      + review.routes + ResultRoutes(desk: desk).routes + ReportRoutes(desk: desk).routes
      + JobRoutes(work: work, feed: feed).routes + ScheduleRoutes(work: work).routes
      + WatchRoutes(work: work).routes + AlertRoutes(work: work).routes + admin.routes
  }

  private var health: HealthRoutes {
    let (work, desk, feed) = (work, desk, feed)
    return HealthRoutes(
      metrics: metrics,
      check: {
        _ = try await desk.catalog.version()
        _ = try await work.store.version()
      },
      gauges: {
        let jobs = (try? await work.store.jobCounts()) ?? [:]
        return [
          ("d2r_jobs_queued", "Jobs that wait.", Double(jobs[.queued] ?? 0)),
          ("d2r_jobs_running", "Jobs that run.", Double(jobs[.running] ?? 0)),
          (
            "d2r_jobs_failed", "Jobs that failed and were not tried again.",
            Double(jobs[.failed] ?? 0)
          ),
          ("d2r_event_streams", "Open event streams.", Double(feed.listenerCount)),
          ("d2r_resident_bytes", "Memory of the daemon.", Double(ResidentMemory.bytes() ?? 0)),
        ]
      })
  }

  private var settings: JSONValue {
    let address: String =
      switch options.address {
      case .tcp(let host, let port): "\(host):\(port)"
      case .unix: "a Unix socket"
      case .inherited: "a socket of the supervisor"
      }
    return [
      "address": .string(address), "tls": .bool(options.certificate != nil),
      "connections": .int(options.limits.connections),
      "requestSeconds": .int(options.limits.requestSeconds),
      "requestsPerSecond": .double(options.requestsPerSecond),
      "searchMemoryBytes": .int(options.searchMemory),
      "accessLogDays": JSONValue(options.accessLogDays) { .int($0) },
      "jobDays": JSONValue(options.jobDays) { .int($0) },
      "bodyLimitBytes": .int(APIServer.jsonLimit),
      "pictureLimitBytes": .int(SearchRoutes.pictureLimit),
    ]
  }
}
