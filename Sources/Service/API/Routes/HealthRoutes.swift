internal import Diagnostics
internal import Execution
internal import HTTPServer

/// What supervisors and Prometheus ask, without a token. Tells counts only.
struct HealthRoutes: Sendable {
  let metrics: Metrics
  /// Throws where the daemon could not do its work now.
  let check: @Sendable () async throws -> Void
  let gauges: @Sendable () async -> [(name: String, help: String, value: Double)]

  var routes: [Route] {
    [
      Route(.get, "/healthz", role: nil) { _ in .json(["status": "ok"]) },
      Route(.get, "/readyz", role: nil) { _ in
        do { try await check() } catch {
          throw Problem(503, "notReady", "the daemon cannot work now: \(Problem(error).message)")
        }
        return .json(["status": "ready"])
      },
      Route(.get, "/metrics", role: nil) { _ in
        .bytes(
          Array(metrics.text(gauges: await gauges()).utf8),
          type: "text/plain; version=0.0.4; charset=utf-8")
      },
    ]
  }
}
