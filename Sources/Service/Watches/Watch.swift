public import Diagnostics
internal import Files

/// A folder whose new pictures are indexed and gated as they arrive.
public struct Watch: Equatable, Sendable {
  /// Attempts of a job that a watch queues.
  static let attempts = 3

  public var id: Int64
  /// From the root.
  public var path: String
  public var population: String
  public var layout: String
  /// True where the gates put what they find into quarantine, instead of proposing it.
  public var applies: Bool
  /// A file is taken when it has not changed for so many seconds.
  public var settleSeconds: Int
  public var isPaused: Bool
  public var lastScanAt: Moment?
  /// Why the last look failed.
  public var problem: String?
  /// Files seen and not taken yet.
  public var pending: Int
  /// Its jobs that wait or run.
  public var jobs: Int

  /// Who its jobs are submitted by.
  static func author(_ id: Int64) -> String { "watch \(id)" }

  /// The words of the job that indexes the folder.
  var arguments: [String] {
    // A folder's name may begin with a dash.
    ["--population", population, "--layout", layout, "--", path]
  }
}

/// A watch to be made.
public struct NewWatch: Equatable, Sendable {
  public var path: String
  public var population: String
  public var layout: String
  public var applies = false
  public var settleSeconds = 5

  /// - Parameter path: from the root, and a folder that is there.
  /// - Throws: `invalid` where it is not, and for a population or a layout that `index` does not take.
  public init(
    _ path: String, population: String, layout: String = "auto", among verbs: JobVerbs
  ) throws(ServiceError) {
    guard path.hasPrefix("/") else {
      throw ServiceError(
        .invalid, "a watched folder is named from the root, not as '\(path.prefix(80))'")
    }
    self.path = Paths.normalised(path)
    self.population = population
    self.layout = layout
    _ = try verbs.check(
      "index", ["--population", population, "--layout", layout, "--", self.path])
    guard FileSystem.isFolder(self.path) else {
      throw ServiceError(.invalid, "there is no folder \(self.path)", hint: "make it first")
    }
  }
}

extension Watch {
  /// As the API and `--json` show it.
  public var document: JSONValue {
    [
      "id": .int(Int(id)), "path": .string(path), "population": .string(population),
      "layout": .string(layout), "apply": .bool(applies), "settleSeconds": .int(settleSeconds),
      "paused": .bool(isPaused), "lastScanAt": JSONValue(lastScanAt) { .string($0.text) },
      "problem": JSONValue(problem, JSONValue.string), "pending": .int(pending),
      "jobs": .int(jobs),
    ]
  }
}
