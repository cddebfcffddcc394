public import Cataloging
public import Diagnostics

/// Why one image of a pair of duplicates stays, as the pair's record says it.
public struct KeeperReason: Equatable, Sendable {
  /// The record's document: rule, criterion and both sides' values.
  public let document: JSONValue

  /// Nil where the record says nothing, as older ones do.
  public init?(_ pair: PairRecord) {
    guard let text = pair.keeper, let document = try? JSONValue(parsing: text) else { return nil }
    self.document = document
  }

  /// What decided, with both values where they are numbers, such as "quality, 0.81 over 0.43".
  public var text: String {
    let criterion = document["decidedBy"]?.stringValue ?? ""
    let key = criterion == "size" ? "pixels" : criterion
    guard let kept = value("kept", key), let removed = value("removed", key) else {
      return criterion
    }
    return "\(criterion), \(kept) over \(removed)"
  }

  private func value(_ side: String, _ key: String) -> String? {
    guard let value = document[side]?[key] else { return nil }
    if let whole = value.intValue { return HumanNumbers.count(whole) }
    return value.doubleValue.map { HumanNumbers.decimal($0, $0 >= 10 ? 0 : 3) }
  }
}
