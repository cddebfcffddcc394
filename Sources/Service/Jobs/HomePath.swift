internal import Diagnostics

/// The workspace's place on the machine, which nobody who asks over HTTP has to know.
struct HomePath: Sendable {
  /// Absolute.
  let root: String

  /// Paths in the workspace become relative to it.
  func left(outOf text: String) -> String {
    guard text.contains(root) else { return text }
    return text.replacing(root + "/", with: "").replacing(root, with: ".")
  }

  func left(outOf value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(left(outOf: text))
    case .array(let values): .array(values.map(left))
    case .object(let members): .object(members.mapValues(left))
    default: value
    }
  }
}
