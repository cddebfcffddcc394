import Foundation
import Reporting

/// `value` with every text in it replaced, wherever it stands; fields that hold one of a fixed list
/// of words are left alone.
func rewritingTexts<Value: Codable>(
  of value: Value, _ rewrite: (String) -> String
) throws -> Value {
  let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
  let changed = rewritten(json, key: "", rewrite)
  return try JSONDecoder().decode(Value.self, from: JSONSerialization.data(withJSONObject: changed))
}

private let wordFields: Set<String> = [
  "population", "from", "to", "severity", "decision", "role", "_0",
  "state",
]

private func rewritten(_ json: Any, key: String, _ rewrite: (String) -> String) -> Any {
  switch json {
  case let object as [String: Any]:
    var result: [String: Any] = [:]
    for (name, value) in object { result[name] = rewritten(value, key: name, rewrite) }
    return result
  case let list as [Any]: return list.map { rewritten($0, key: key, rewrite) }
  case let text as String: return wordFields.contains(key) ? text : rewrite(text)
  default: return json
  }
}
