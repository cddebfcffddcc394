public import OpenInference

extension ModelManifest {
  /// Where and how a model is served.
  public struct Remote: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case url, model, version, weights, seed, parameters, batch, concurrency, timeoutSeconds
      case patienceSeconds, tokenVariable, caFile, allowPlainText
    }

    /// Of the server, e.g. `http://127.0.0.1:8000`.
    public var url: String
    /// What the server calls the model.
    public var model: String
    /// Nil leaves it to the server.
    public var version: String?
    /// What the user says the weights are, e.g. their SHA-256: the server cannot be asked.
    public var weights: String?
    /// Name of the input that takes seeds, INT64; nil where there is none. Generators only.
    public var seed: String?
    /// Settings sent with every request.
    public var parameters: [String: Scalar]?
    /// Most items of one request; nil leaves it to the server, within reason.
    public var batch: Int?
    /// Requests at a time.
    public var concurrency: Int?
    /// Seconds of one try.
    public var timeoutSeconds: Double?
    /// Seconds of all tries of one request.
    public var patienceSeconds: Double?
    /// Name of the environment variable that holds the bearer token.
    public var tokenVariable: String?
    /// Certificates to trust instead of the system's, in PEM form; an absolute path.
    public var caFile: String?
    /// Lets a token travel without encryption to another machine.
    public var allowPlainText: Bool?

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      url = try values.decode(String.self, forKey: .url)
      model = try values.decode(String.self, forKey: .model)
      version = try values.decodeIfPresent(String.self, forKey: .version)
      weights = try values.decodeIfPresent(String.self, forKey: .weights)
      seed = try values.decodeIfPresent(String.self, forKey: .seed)
      parameters = try values.decodeIfPresent([String: Scalar].self, forKey: .parameters)
      batch = try values.decodeIfPresent(Int.self, forKey: .batch)
      concurrency = try values.decodeIfPresent(Int.self, forKey: .concurrency)
      timeoutSeconds = try values.decodeIfPresent(Double.self, forKey: .timeoutSeconds)
      patienceSeconds = try values.decodeIfPresent(Double.self, forKey: .patienceSeconds)
      tokenVariable = try values.decodeIfPresent(String.self, forKey: .tokenVariable)
      caFile = try values.decodeIfPresent(String.self, forKey: .caFile)
      allowPlainText = try values.decodeIfPresent(Bool.self, forKey: .allowPlainText)
    }

    /// What enters the model's digest: what is asked, not where it is served nor how patiently.
    var canonicalLines: [String] {
      var lines = ["remote \(model) \(version ?? "-")"]
      if let weights { lines.append("weights \(weights)") }
      if let seed { lines.append("seed \(seed)") }
      lines += (parameters ?? [:]).sorted { $0.key < $1.key }
        .map { "parameter \($0.key) \($0.value.text)" }
      return lines
    }
  }
}

extension ModelManifest.Remote {
  /// A setting of a request: a truth value, a number or a text.
  public enum Scalar: Equatable, Codable, Sendable {
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)

    public init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let bool = try? value.decode(Bool.self) {
        self = .bool(bool)
      } else if let int = try? value.decode(Int.self) {
        self = .int(int)
      } else if let double = try? value.decode(Double.self) {
        self = .double(double)
      } else {
        self = .string(try value.decode(String.self))
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .bool(let value): try container.encode(value)
      case .int(let value): try container.encode(value)
      case .double(let value): try container.encode(value)
      case .string(let value): try container.encode(value)
      }
    }

    var text: String {
      switch self {
      case .bool(let value): "\(value)"
      case .int(let value): "\(value)"
      case .double(let value): "\(value)"
      case .string(let value): value
      }
    }

    /// As it is sent.
    public var parameter: WireParameter {
      switch self {
      case .bool(let value): .bool(value)
      case .int(let value): .int(value)
      case .double(let value): .double(value)
      case .string(let value): .string(value)
      }
    }
  }
}

// MARK: rules

extension ModelManifest.Remote {
  /// What is wrong, naming the field, or nil.
  var problem: String? { addressProblem ?? textProblem ?? numberProblem }

  private var addressProblem: String? {
    do {
      let address = try ServerAddress(url)
      let isOpen = !address.isEncrypted && !address.isLoopback && allowPlainText != true
      if tokenVariable != nil && isOpen {
        return "field 'remote.url' would send the token without encryption to another machine;"
          + " write https, or set 'remote.allowPlainText'"
      }
      return nil
    } catch {
      return "field 'remote.url': \(error.message)"
    }
  }

  private var textProblem: String? {
    if model.isEmpty { return "field 'remote.model' is empty" }
    if let caFile, !caFile.hasPrefix("/") { return "field 'remote.caFile' is no absolute path" }
    if let tokenVariable, !Self.isVariable(tokenVariable) {
      return "field 'remote.tokenVariable' is no name of an environment variable; the token itself"
        + " does not belong here"
    }
    let texts = [("model", model), ("version", version), ("weights", weights), ("seed", seed)]
    for (name, text) in texts {
      guard let text else { continue }
      if text.isEmpty { return "field 'remote.\(name)' is empty" }
      if !Self.isPlain(text) { return "field 'remote.\(name)' holds a control character" }
    }
    for (name, value) in parameters ?? [:] where name.isEmpty || !Self.isPlain(name + value.text) {
      return "field 'remote.parameters' has an empty name or a control character"
    }
    return nil
  }

  private var numberProblem: String? {
    if let batch, !(1...4096).contains(batch) { return "field 'remote.batch' must be 1 to 4096" }
    if let concurrency, !(1...256).contains(concurrency) {
      return "field 'remote.concurrency' must be 1 to 256"
    }
    let times = [("timeoutSeconds", timeoutSeconds), ("patienceSeconds", patienceSeconds)]
    for (name, seconds) in times {
      if let seconds, !(seconds >= 0.1 && seconds <= 86_400) {
        return "field 'remote.\(name)' must be 0.1 to 86400"
      }
    }
    return nil
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// A letter or `_`, then letters, digits and `_`.
  private static func isVariable(_ text: String) -> Bool {
    let isSound = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isSound && !text.isEmpty && !(text.first?.isNumber ?? true) && text.utf8.count <= 128
  }
}
