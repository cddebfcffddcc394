public import Domain

/// Why vectors could not be indexed or searched.
public struct VectorSearchError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case badFactory, notUnitVector, otherWidth, tooManyPairs, tooManyRows, memory, interrupted,
      engine
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(code: Code, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

extension VectorSearchError {
  static func otherWidth(_ width: Int, indexed: Int) -> Self {
    Self(
      code: .otherWidth, message: "queries have \(width) values, the indexed vectors \(indexed)",
      hint: "compare vectors of one encoder only")
  }

  static func tooManyPairs(_ limit: Int, _ floor: CosineSimilarity) -> Self {
    Self(
      code: .tooManyPairs,
      message: "more than \(limit) pairs have a similarity of \(floor.value) or more",
      hint: "ask for a higher similarity")
  }

  static func tooManyRows(_ count: Int) -> Self {
    Self(
      code: .tooManyRows,
      message: "\(count) rows are more than the 4294967295 that can be numbered",
      hint: "split the set")
  }

  static func memory(_ budget: Int, needed: Int) -> Self {
    Self(
      code: .memory,
      message: "\(budget) bytes are too few for this search, it needs \(needed)",
      hint: "give more with --memory")
  }
}
