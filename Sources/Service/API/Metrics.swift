internal import Synchronization

/// Counts for Prometheus, in its text format 0.0.4.
public final class Metrics: Sendable {
  private struct State {
    var requests: [Key: Int] = [:]
    var buckets = [Int](repeating: 0, count: Metrics.bounds.count)
    var count = 0
    var seconds = 0.0
  }

  private struct Key: Hashable {
    var route: String
    var status: Int
  }

  /// Upper bounds of the histogram, in seconds.
  private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

  private let state = Mutex(State())

  public init() {}

  /// Notes an answered request. `route` is a pattern, never a path: paths would be without number.
  func note(route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.requests[Key(route: route, status: status), default: 0] += 1
      state.count += 1
      state.seconds += seconds
      for place in Self.bounds.indices where seconds <= Self.bounds[place] {
        state.buckets[place] += 1
      }
    }
  }

  /// The page; `gauges` are values read now, by name with what they say.
  func text(gauges: [(name: String, help: String, value: Double)]) -> String {
    let state = state.withLock { $0 }
    var lines = [
      "# HELP d2r_http_requests_total Requests answered, by route and status.",
      "# TYPE d2r_http_requests_total counter",
    ]
    lines += state.requests
      .map {
        "d2r_http_requests_total{route=\"\($0.key.route)\",status=\"\($0.key.status)\"} \($0.value)"
      }
      .sorted()
    lines += [
      "# HELP d2r_http_request_seconds Time from the whole request to its answer.",
      "# TYPE d2r_http_request_seconds histogram",
    ]
    for (bound, count) in zip(Self.bounds, state.buckets) {
      lines.append("d2r_http_request_seconds_bucket{le=\"\(bound)\"} \(count)")
    }
    lines += [
      "d2r_http_request_seconds_bucket{le=\"+Inf\"} \(state.count)",
      "d2r_http_request_seconds_sum \(state.seconds)",
      "d2r_http_request_seconds_count \(state.count)",
    ]
    for gauge in gauges {
      lines += [
        "# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge",
        "\(gauge.name) \(gauge.value)",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
