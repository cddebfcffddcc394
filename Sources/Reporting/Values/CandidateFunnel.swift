/// How many candidates reached and passed each gate, in the order the gates decide.
public struct CandidateFunnel: Hashable, Codable, Sendable {
  /// One gate.
  public struct Gate: Hashable, Codable, Sendable {
    /// What a candidate must be to pass, e.g. `no leak`.
    public var name: String
    public var reached: Int
    public var stopped: Int
    /// The reason of one that was stopped, with both numbers; empty where none was.
    public var example: String

    public init(name: String, reached: Int, stopped: Int, example: String) {
      self.name = name
      self.reached = reached
      self.stopped = stopped
      self.example = example
    }

    /// Those that went on.
    public var passed: Int { reached - stopped }
  }

  /// All that were asked for.
  public var candidates: Int
  public var gates: [Gate]
  /// Those that passed every gate.
  public var accepted: Int

  /// - Parameter stopped: by gate, in order, with a reason of one.
  public init(candidates: Int, stopped: [(name: String, count: Int, example: String)]) {
    self.candidates = candidates
    var left = candidates
    gates = stopped.map { gate in
      defer { left -= gate.count }
      return Gate(name: gate.name, reached: left, stopped: gate.count, example: gate.example)
    }
    accepted = left
  }
}
