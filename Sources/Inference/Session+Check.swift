extension Session {
  /// The declared input of that name, or nil.
  public func input(_ name: String) -> Port? { inputs.first { $0.name == name } }

  /// The declared output of that name, or nil.
  public func output(_ name: String) -> Port? { outputs.first { $0.name == name } }

  /// Throws `mismatch` unless every declared input is given once and fits, and every wanted
  /// output is declared.
  func check(_ given: [NamedTensor], _ wanted: [String]) throws {
    for (index, entry) in given.enumerated() {
      guard let port = input(entry.name) else {
        throw unknown("input", entry.name, among: inputs)
      }
      guard !given[..<index].contains(where: { $0.name == entry.name }) else {
        throw InferenceError(.mismatch, "input '\(entry.name)' is given twice")
      }
      try port.check(entry.tensor)
    }
    for port in inputs where !given.contains(where: { $0.name == port.name }) {
      throw InferenceError(
        .mismatch, "network \(name) needs input '\(port.name)', which is missing")
    }
    for name in wanted where output(name) == nil {
      throw unknown("output", name, among: outputs)
    }
    if wanted.isEmpty {
      throw InferenceError(.mismatch, "no output of network \(name) is asked for")
    }
  }

  private func unknown(_ kind: String, _ wrong: String, among ports: [Port]) -> InferenceError {
    let names = ports.map { "'\($0.name)'" }.joined(separator: ", ")
    return InferenceError(
      .mismatch, "network \(name) has no \(kind) '\(wrong)'; it has \(names)")
  }
}
