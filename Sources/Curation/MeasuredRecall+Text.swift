public import Diagnostics
public import Domain

extension MeasuredRecall {
  /// For one line of output.
  public var text: String {
    guard let share else { return "recall not measurable: the sample has no pair" }
    return """
      measured recall \(HumanNumbers.decimal(share, 4)) (\(HumanNumbers.count(found)) of \
      \(HumanNumbers.count(expected)) on \(HumanNumbers.count(queries)) sampled rows)
      """
  }

  /// As `--json` shows it.
  public var document: JSONValue {
    [
      "share": JSONValue(share) { .double($0) }, "queries": .int(queries),
      "expected": .int(expected), "found": .int(found),
    ]
  }
}
