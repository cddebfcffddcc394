import Foundation

/// A parsed document, read by the tests without the tool's own parser.
struct JSON {
  let value: Any

  init(_ value: Any) { self.value = value }

  init(parsing text: String) throws {
    value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  subscript(key: String) -> JSON? { (value as? [String: Any])?[key].map(JSON.init) }

  var keys: Set<String> { Set((value as? [String: Any])?.keys ?? [:].keys) }
  var items: [JSON] { (value as? [Any])?.map(JSON.init) ?? [] }
  var isArray: Bool { value is [Any] }
  var int: Int? { (value as? NSNumber)?.intValue }
  var double: Double? { (value as? NSNumber)?.doubleValue }
  var string: String? { value as? String }
  var bool: Bool? { (value as? NSNumber)?.boolValue }
}
