internal import FoundationEssentials

extension ModelManifest {
  /// Reads and checks a manifest's JSON.
  ///
  /// - Parameter name: what messages call it, e.g. its path.
  /// - Throws: `manifestInvalid` naming the field that is missing or wrong.
  public init(json: [UInt8], name source: String) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json))
    } catch let error as DecodingError {
      throw EncodingError(.manifestInvalid, "\(source): \(Self.explain(error))", hint: Self.hint)
    }
    if let problem {
      throw EncodingError(.manifestInvalid, "\(source): \(problem)", hint: Self.hint)
    }
  }

  /// The manifest as JSON with sorted keys, ending in a line feed.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + Array("\n".utf8)
  }

  static let hint = "compare it with a manifest that Scripts/install-models wrote"

  static func explain(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "field '\(path(context.codingPath + [key]))' is missing"
    case .valueNotFound(_, let context):
      "field '\(path(context.codingPath))' is empty"
    case .typeMismatch(let type, let context):
      "field '\(path(context.codingPath))' is not \(word(for: type))"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "not valid JSON"
    case .dataCorrupted(let context):
      "field '\(path(context.codingPath))' \(reason(context.debugDescription))"
    @unknown default:
      "not a valid manifest"
    }
  }

  /// The library's words for an unknown enum value, in ours; our own words as they are.
  private static func reason(_ text: String) -> String {
    guard text.hasPrefix("Cannot initialize"), let value = text.split(separator: " ").last else {
      return text
    }
    return "has the unknown value '\(value)'"
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }.joined(separator: ".")
  }

  private static func word(for type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is [Double].Type, is [Threshold].Type: "a list"
    default: "what it should be"
    }
  }
}
