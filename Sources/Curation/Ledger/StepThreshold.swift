public import Cataloging
public import Diagnostics

/// The cosine a recorded step decided at, as its parameters say.
public struct StepThreshold: Equatable, Sendable {
  /// Name of the space the cosine belongs to.
  public var space: String
  public var similarityAtLeast: Double
  /// Nil for a cosine given by hand.
  public var falseMatchRate: Double?
  /// Where the cosine comes from, for people.
  public var origin: String

  /// Reads parameters, then the summary. Nil for a step that decided at no cosine.
  public init?(_ step: StepRecord) {
    guard let parameters = try? JSONValue(parsing: step.parameters) else { return nil }
    let summary = (try? JSONValue(parsing: step.summary)) ?? .null
    let stated = [parameters["threshold"], parameters["identity"], summary["threshold"]]
    let points = (stated + [summary["identity"]]).compactMap { $0?.objectValue }
    guard let point = points.first(where: { $0["similarityAtLeast"]?.doubleValue != nil }),
      let similarity = point["similarityAtLeast"]?.doubleValue
    else { return nil }
    space = parameters["space"]?.stringValue ?? "identity"
    similarityAtLeast = similarity
    falseMatchRate = point["falseMatchRate"]?.doubleValue
    origin = point["origin"]?.stringValue ?? ""
  }

  public var document: JSONValue {
    [
      "space": .string(space), "similarityAtLeast": .double(similarityAtLeast),
      "falseMatchRate": JSONValue(falseMatchRate) { .double($0) }, "origin": .string(origin),
    ]
  }

  /// For one line of output.
  public var text: String {
    let rate = falseMatchRate.map { "false-match rate \(HumanNumbers.smallShare($0)), " } ?? ""
    return """
      \(space) cosine >= \(HumanNumbers.decimal(similarityAtLeast, 4)) (\(rate)\(origin))
      """
  }
}
