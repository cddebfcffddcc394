internal import Diagnostics

/// JSON in a text column.
enum JSONColumn {
  static func text(_ words: [String]) -> String {
    JSONValue.array(words.map(JSONValue.string)).compact
  }

  static func words(_ text: String) -> [String] {
    value(text).arrayValue?.compactMap(\.stringValue) ?? []
  }

  /// Null for what is no JSON.
  static func value(_ text: String?) -> JSONValue {
    guard let text else { return .null }
    return (try? JSONValue(parsing: text)) ?? .null
  }
}
