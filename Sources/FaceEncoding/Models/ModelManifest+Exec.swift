extension ModelManifest {
  /// A user's own program; docs/exec.md is the protocol it speaks.
  public struct Exec: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case command, timeoutSeconds, startSeconds, batch, workers, weights, environment
    }

    /// Stands for the model's folder in `command`.
    public static let folderWord = "{folder}"
    /// The longest time to wait that is a choice and no mistake: a day, in seconds.
    static let longestWait = 86_400.0
    static let mostAtOnce = 1024
    static let mostWorkers = 64

    /// Program and arguments, started as they are: no shell reads them. A program without a slash is
    /// looked for in PATH, one with a slash in the model's folder.
    public var command: [String]
    /// Seconds a request may take.
    public var timeoutSeconds: Double
    /// Seconds the program may take to get ready.
    public var startSeconds: Double
    /// Most pictures per request.
    public var batch: Int
    /// How many of the program run at once.
    public var workers: Int
    /// SHA-256, in hex, of what the program loads from elsewhere: it enters the model's digest as it
    /// is declared.
    public var weights: String?
    /// Names of the environment's variables that the program gets to see.
    public var environment: [String]

    /// With the usual times and sizes.
    public init(command: [String]) {
      self.command = command
      timeoutSeconds = 300
      startSeconds = 120
      batch = 8
      workers = 1
      environment = []
    }

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(command: try values.decode([String].self, forKey: .command))
      timeoutSeconds =
        try values.decodeIfPresent(Double.self, forKey: .timeoutSeconds) ?? timeoutSeconds
      startSeconds = try values.decodeIfPresent(Double.self, forKey: .startSeconds) ?? startSeconds
      batch = try values.decodeIfPresent(Int.self, forKey: .batch) ?? batch
      workers = try values.decodeIfPresent(Int.self, forKey: .workers) ?? workers
      weights = try values.decodeIfPresent(String.self, forKey: .weights)
      environment = try values.decodeIfPresent([String].self, forKey: .environment) ?? environment
    }

    /// What enters the model's digest: what is started, not how long it may take.
    var canonicalLines: [String] { ["exec \(command)", "exec weights \(weights ?? "-")"] }

    /// What is wrong, naming the field, or nil.
    var problem: String? {
      if (command.first ?? "").isEmpty { return "field 'exec.command' must name a program" }
      if command.contains(where: { $0.utf8.contains(0) }) {
        return "field 'exec.command' must not hold a zero byte"
      }
      for (name, seconds) in [("timeoutSeconds", timeoutSeconds), ("startSeconds", startSeconds)]
      where !(seconds > 0 && seconds <= Self.longestWait) {
        return "field 'exec.\(name)' must be above 0 and at most \(Int(Self.longestWait))"
      }
      if !(1...Self.mostAtOnce).contains(batch) {
        return "field 'exec.batch' must be 1 to \(Self.mostAtOnce)"
      }
      if !(1...Self.mostWorkers).contains(workers) {
        return "field 'exec.workers' must be 1 to \(Self.mostWorkers)"
      }
      if let weights, !ModelManifest.isDigest(weights) {
        return "field 'exec.weights' must be 64 lower-case hexadecimal digits"
      }
      return environment.contains { !Self.isVariable($0) }
        ? "field 'exec.environment' must be names of variables, without values" : nil
    }

    /// What is wrong with the command in the light of the files that are installed with it.
    func problem(with files: [String: File]) -> String? {
      let known = Set(files.values.map(\.file))
      let missing = command.enumerated().lazy.compactMap { place, word -> String? in
        let name = Self.fileName(word, isProgram: place == 0)
        return name.flatMap { known.contains($0) ? nil : $0 }
      }.first
      return missing.map { "field 'exec.command' names \($0), which is not among 'files'" }
    }

    /// The file of the model's folder that a word of the command means, or nil.
    private static func fileName(_ word: String, isProgram: Bool) -> String? {
      if word.hasPrefix(folderWord + "/") { return String(word.dropFirst(folderWord.count + 1)) }
      guard isProgram, word.contains("/"), !word.hasPrefix("/") else { return nil }
      return word.hasPrefix("./") ? String(word.dropFirst(2)) : word
    }

    private static func isVariable(_ name: String) -> Bool {
      let isPlain = name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      }
      return isPlain && !(name.first?.isNumber ?? true)
    }
  }

  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
