extension ModelManifest {
  /// Where a model is served.
  public struct Remote: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case url, model, version }

    /// Of the server, e.g. `http://127.0.0.1:8000`.
    public var url: String
    /// What the server calls the model.
    public var model: String
    /// Nil leaves it to the server.
    public var version: String?

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      url = try values.decode(String.self, forKey: .url)
      model = try values.decode(String.self, forKey: .model)
      version = try values.decodeIfPresent(String.self, forKey: .version)
    }

    /// What enters the model's digest: what is asked, not where it is served.
    var canonicalLines: [String] { ["remote \(model) \(version ?? "-")"] }

    /// What is wrong, naming the field, or nil.
    var problem: String? { model.isEmpty ? "field 'remote.model' is empty" : nil }
  }
}
