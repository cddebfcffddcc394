extension ModelManifest {
  /// A user's own program.
  public struct Exec: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case command }

    /// Program and arguments, started as they are: no shell reads them.
    public var command: [String]

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      command = try values.decode([String].self, forKey: .command)
    }

    /// What enters the model's digest.
    var canonicalLines: [String] { ["exec \(command)"] }

    /// What is wrong, naming the field, or nil.
    var problem: String? {
      (command.first ?? "").isEmpty ? "field 'exec.command' must name a program" : nil
    }
  }
}
