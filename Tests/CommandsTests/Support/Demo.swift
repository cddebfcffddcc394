import Foundation

/// A small demonstration, made once per run by the program itself and shared by the suites.
struct Demo {
  /// Holds `digital`, `real`, `reference`, `planted.csv` and `workspace` (indexed, nothing more).
  let root: String

  static let shared: Demo = {
    let root = FileManager.default.temporaryDirectory.appending(path: "d2r-demo-\(getpid())").path
    try? FileManager.default.removeItem(atPath: root)
    let made = Tool().run(
      "demo", root, "--identities", "6", "--per-identity", "8", "--quiet", patience: 300)
    precondition(made.code == 0, made.said)
    atexit { removeSharedDemo() }
    return Demo(root: root)
  }()

  var digital: String { "\(root)/digital" }
  var reference: String { "\(root)/reference" }
  var real: String { "\(root)/real" }
  var planted: String { "\(root)/planted.csv" }

  /// A copy of the indexed workspace; the pictures are not copied, and nothing writes to them.
  func workspace(in scratch: Scratch, as name: String = "workspace") throws -> Workplace {
    Workplace(path: try scratch.copy("\(root)/workspace", to: name))
  }

  /// Rows of the answer key: kind, path relative to the digital folder.
  func key() throws -> [(kind: String, path: String)] {
    let text = try String(contentsOfFile: planted, encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cells = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
      return (String(cells[0]), String(cells[1]))
    }
  }
}

private func removeSharedDemo() {
  let root = FileManager.default.temporaryDirectory.appending(path: "d2r-demo-\(getpid())").path
  try? FileManager.default.removeItem(atPath: root)
}

/// A workspace a test works on.
struct Workplace {
  let path: String
  var tool = Tool()

  /// Makes a new, empty one.
  static func new(in scratch: Scratch, _ name: String = "new", options: [String] = []) -> Self {
    let path = scratch[name]
    let made = Tool().run(["init", path, "--name", "test", "--quiet"] + options)
    precondition(made.code == 0, made.said)
    return Workplace(path: path)
  }

  func run(_ words: String..., patience: Double = 400) -> Tool.Result {
    run(words, patience: patience)
  }

  func run(_ words: [String], patience: Double = 400) -> Tool.Result {
    tool.run(words + ["--workspace", path], patience: patience)
  }

  func start(_ words: [String]) -> Tool.Running { tool.start(words + ["--workspace", path]) }

  /// The content digest and problems, roots left out so that copies compare.
  func verify() throws -> (content: String, problems: Int) {
    let result = run("verify", "--json", "--ignore-roots", "--quiet")
    let document = try result.json()
    return (document["content"]?.string ?? "", document["problems"]?.items.count ?? -1)
  }

  /// Everything that must be equal for equal input: digest, vectors, generated pictures.
  func state() throws -> WorkplaceState {
    let checked = try verify()
    return WorkplaceState(
      content: checked.content, problems: checked.problems,
      vectors: contents(of: "\(path)/vectors"), generated: contents(of: "\(path)/generated"))
  }
}

/// What two runs are compared by.
struct WorkplaceState: Equatable {
  var content: String
  var problems: Int
  var vectors: [String: Data]
  var generated: [String: Data]
}
