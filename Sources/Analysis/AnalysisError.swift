public import Domain

/// Why a question could not be answered from the values given.
public struct AnalysisError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// There is nothing, or too little, to compute from.
    case tooFew
    /// There is more than the method can hold.
    case tooMany
    /// Two inputs that belong together have different sizes.
    case mismatch
    /// A vector is zero or holds NaN or infinity.
    case degenerate
    /// Two vectors point in opposite directions.
    case antipodal
    /// A parameter lies outside its range.
    case outOfRange
    /// No suite of audit rules has that name.
    case unknownSuite
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

extension AnalysisError {
  /// Refuses rows, naming at most the first five.
  static func degenerate(_ rows: [Int], of count: Int, in what: String) -> AnalysisError {
    let names = rows.prefix(5).map(String.init).joined(separator: ", ")
    let more = rows.count > 5 ? ", …" : ""
    return AnalysisError(
      code: .degenerate,
      message: "\(rows.count) of \(count) \(what) are zero or not finite: rows \(names)\(more)",
      hint: "leave these rows out or embed their images again")
  }

  static func requireLabels(_ labels: Int, for vectors: Vectors) throws(AnalysisError) {
    guard labels == vectors.count else {
      throw AnalysisError(
        code: .mismatch, message: "\(labels) labels were given for \(vectors.count) vectors")
    }
  }
}
