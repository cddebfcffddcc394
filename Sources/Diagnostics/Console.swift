/// The program's two voices: results on standard output, everything else on standard error.
public struct Console: Sendable {
  /// Leave out remarks; results and errors are still printed.
  public var isQuiet: Bool
  /// Print one JSON document instead of results for people.
  public var isJSON: Bool
  private let results: any TextSink
  private let remarks: any TextSink

  /// Writes to the process's own streams unless told otherwise.
  public init(
    isQuiet: Bool = false, isJSON: Bool = false,
    results: any TextSink = StreamSink.standardOutput,
    remarks: any TextSink = StreamSink.standardError
  ) {
    self.isQuiet = isQuiet
    self.isJSON = isJSON
    self.results = results
    self.remarks = remarks
  }

  /// A line of the result for people; left out where JSON is wanted.
  public func out(_ line: String) { if !isJSON { results.write(line + "\n") } }

  /// The result as a document; left out where people read.
  public func out(json document: JSONValue) { if isJSON { results.write(document.pretty + "\n") } }

  /// Text on standard output as it is, whatever the flags: help, completions, exported data.
  public func raw(_ text: String) { results.write(text) }

  /// A remark on standard error, left out when quiet.
  public func note(_ line: String) { if !isQuiet { remarks.write(line + "\n") } }

  /// A line on standard error, always: an error, or a warning nobody may miss.
  public func err(_ line: String) { remarks.write(line + "\n") }

  /// Why part of the results was lost, such as a full disk; nil where all was written or the
  /// reader had seen enough. A program that finds one here has not succeeded.
  public var failure: String? {
    results.failure.map { "the results could not be written to standard output: \($0)" }
  }
}
