import Foundation
import Testing

/// The house rules a machine can check. Each test prints its violations as `file:line: what`.
@Suite struct LayeringTests {
  let package = Checkout()

  /// The rows of the building, from the ground up. A target imports only from rows below its own.
  static let rows: [(name: String, targets: Set<String>)] = [
    (
      "C",
      [
        "COpenBLAS", "CSQLite", "CPNG", "CTurboJPEG", "CWebP", "CSodium", "COnnxRuntime",
        "CFaissShim", "CMicroHTTPDShim", "CVectorKernels", "CFFTW", "CMapKernels", "CRowKernels",
        "CSpawn", "CCurlShim", "CZlib", "CPageFiles",
      ]
    ),
    ("ground", ["Domain"]),
    (
      "foundation",
      [
        "LinearAlgebra", "SQLite", "Migrations", "Files", "Cryptography", "Imaging", "Inference",
        "HTTP", "HTTPServer", "Execution", "Arguments", "Diagnostics",
      ]
    ),
    ("protocols", ["OpenInference"]),
    (
      "middle",
      [
        "Analysis", "Cataloging", "VectorStorage", "VectorSearch", "FaceEncoding",
        "FaceGeneration", "Interchange",
      ]
    ),
    ("work", ["Curation"]),
    ("edges", ["Service", "Reporting"]),
    ("root", ["Commands"]),
    ("tool", ["d2r-curate"]),
  ]

  /// The modules that may say `unsafe`, each with what it needs it for.
  static let mayBeUnsafe = [
    "LinearAlgebra": "BLAS, LAPACK and FFTW calls, kernels over raw rows",
    "SQLite": "handles and column memory of SQLite",
    "Files": "system calls and mapped memory",
    "Cryptography": "libsodium's state and buffers",
    "Imaging": "buffers of the picture libraries, kernels over raw pixels",
    "Inference": "handles of ONNX Runtime",
    "HTTP": "handles and buffers of libcurl",
    "HTTPServer": "handles and buffers of libmicrohttpd and zlib",
    "VectorStorage": "mapped rows lent as spans",
    "VectorSearch": "handles of faiss, kernels over raw rows, memory threads fill together",
    "Execution": "threads, locks, signals and children of the system",
    "Diagnostics": "writing to a descriptor, asking the terminal",
    "Analysis": "kernels over raw rows",
    "Curation": "the executor of its actor, as in Cataloging",
    "Cataloging": "the executor of its actor is an unowned reference by Swift's own interface",
    "Service": "the executor of its actor, as in Cataloging, and the bytes of the page",
  ]

  static let longestFile = 400
  static let unsafety = [" unsafe ", "(unsafe ", "(unsafe)", "@unsafe", "@unchecked"]
  // Put together here, so that this file does not name them itself.
  static let machinePaths = ["work", "tmp/wt"].map { "/" + $0 + "/" }

  @Test func `a target imports only from the rows below its own`() {
    let rowOf = Dictionary(
      uniqueKeysWithValues: Self.rows.enumerated().flatMap { row, entry in
        entry.targets.map { ($0, row) }
      })
    expectNone(
      package.imports.compactMap { found in
        guard let theirs = rowOf[found.module] else { return nil }
        guard let ours = rowOf[found.target] else {
          return found.place("\(found.target) stands in no row")
        }
        return theirs < ours
          ? nil
          : found.place(
            "\(found.target) (\(Self.rows[ours].name)) imports \(found.module) "
              + "(\(Self.rows[theirs].name))")
      })
  }

  @Test func `the manifest allows no more than the rows do`() throws {
    let rowOf = Dictionary(
      uniqueKeysWithValues: Self.rows.enumerated().flatMap { row, entry in
        entry.targets.map { ($0, row) }
      })
    let dependencies = try package.manifestDependencies()
    #expect(dependencies.count > 10, "the manifest could not be read")
    expectNone(
      dependencies.flatMap { target, needs in
        needs.compactMap { need in
          guard let ours = rowOf[target], let theirs = rowOf[need] else {
            return "Package.swift: \(rowOf[target] == nil ? target : need) stands in no row"
          }
          return theirs < ours ? nil : "Package.swift: \(target) depends on \(need)"
        }
      })
  }

  @Test func `each C module has exactly one Swift importer`() {
    let doors = Self.rows[0].targets
    let importers = Dictionary(grouping: package.imports.filter { doors.contains($0.module) }) {
      $0.module
    }
    expectNone(
      importers.sorted { $0.key < $1.key }.flatMap { door, found -> [String] in
        let targets = Set(found.map(\.target))
        guard targets.count > 1 else { return [] }
        return found.map { $0.place("\(door) has the importers \(targets.sorted())") }
      })
  }

  @Test func `the mathematics and the nouns need no Foundation`() {
    expectNone(
      package.imports
        .filter { ["Analysis", "Domain"].contains($0.target) && $0.module.contains("Foundation") }
        .map { $0.place("\($0.target) imports \($0.module)") })
  }

  @Test func `no source file is longer than 400 lines`() {
    expectNone(
      package.sources.filter { $0.lines.count > Self.longestFile }
        .map { "\($0.path):\($0.lines.count): \($0.lines.count) lines" })
  }

  @Test func `unsafe is said only where C or raw memory is wrapped`() {
    expectNone(
      package.sources.filter { Self.mayBeUnsafe[$0.target] == nil }.flatMap { file in
        file.matches(of: Self.unsafety).map {
          "\($0): \(file.target) wraps nothing that could need `unsafe`"
        }
      })
  }

  @Test func `no source names a place of one machine`() {
    expectNone(
      (package.sources + package.tests).flatMap { file in
        file.matches(of: Self.machinePaths, inComments: true).map {
          "\($0): a machine's own path"
        }
      })
  }

  @Test func `every public type and function has a doc comment`() {
    let required = Set(package.sources.flatMap(\.protocolRequirements))
    expectNone(package.sources.flatMap { $0.undocumented(exempt: required) })
  }

  @Test func `the reader sees what is planted`() {
    let file = SourceFile(
      path: "Sources/Analysis/Planted.swift",
      text: """
        public import Domain
        @preconcurrency import Foundation
        import struct Cataloging.Catalog
        // import Nothing
        public protocol Sorter {
          func sort()
        }
        /// Documented.
        @frozen
        public struct Apple: Sorter {
          public func sort() { unsafe peel() }
          public static func peel() {}
          public static func < (a: Self, b: Self) -> Bool { false }
          // unsafe in a comment
          let place = "\(Self.machinePaths[0])apples"
        }

        """)
    #expect(file.lines.count == 16)
    #expect(file.target == "Analysis")
    #expect(file.imports.map(\.module) == ["Domain", "Foundation", "Cataloging"])
    #expect(file.imports.map(\.line) == [1, 2, 3])
    #expect(file.protocolRequirements == ["sort"])
    #expect(
      file.undocumented(exempt: ["sort"]) == [
        "Sources/Analysis/Planted.swift:5: Sorter has no doc comment",
        "Sources/Analysis/Planted.swift:12: peel has no doc comment",
      ])
    #expect(file.matches(of: Self.unsafety) == ["Sources/Analysis/Planted.swift:11"])
    #expect(
      file.matches(of: Self.machinePaths, inComments: true) == ["Sources/Analysis/Planted.swift:15"]
    )
  }

  private func expectNone(_ violations: [String]) {
    guard !violations.isEmpty else { return }
    Issue.record("\(violations.count) found:\n\(violations.joined(separator: "\n"))")
  }
}

// MARK: reading the checkout

/// The package's own files.
struct Checkout {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let sources: [SourceFile]
  let tests: [SourceFile]

  init() {
    sources = Self.files(under: "Sources", root) + Self.files(under: "migrations", root)
    tests = Self.files(under: "Tests", root)
    precondition(sources.count > 20, "no sources under \(root.path)")
  }

  var imports: [Import] { sources.flatMap(\.imports) }

  /// Each target of the manifest's rows with what it may import.
  func manifestDependencies() throws -> [String: [String]] {
    let manifest = try String(
      contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
    var found: [String: [String]] = [:]
    for match in manifest.matches(of: #/[ \[\n(]swift\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?/#) {
      let names = (match.2 ?? "").matches(of: #/"(\w+)"/#).map { String($0.1) }
      found[String(match.1)] = names
    }
    return found
  }

  private static func files(under folder: String, _ root: URL) -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    let paths = (walk?.allObjects as? [URL] ?? []).map(\.path).filter { $0.hasSuffix(".swift") }
    return paths.sorted().compactMap { path in
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
      return SourceFile(path: String(path.dropFirst(root.path.count + 1)), text: text)
    }
  }
}

/// One `import` line.
struct Import {
  var file: String
  var line: Int
  var target: String
  var module: String

  func place(_ fault: String) -> String { "\(file):\(line): \(fault)" }
}

/// One Swift file, by lines.
struct SourceFile {
  let path: String
  let lines: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }

  /// The target the file belongs to, by its folder.
  var target: String {
    path.hasPrefix("migrations/") ? "Migrations" : String(path.split(separator: "/")[1])
  }

  var imports: [Import] {
    lines.enumerated().compactMap { number, line in
      guard line.contains("import ") else { return nil }
      let pattern = #/^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)/#
      guard let match = line.prefixMatch(of: pattern) else { return nil }
      return Import(file: path, line: number + 1, target: target, module: String(match.1))
    }
  }

  /// `path:line` of each line that holds one of the words, comments left out unless asked for.
  func matches(of words: [String], inComments: Bool = false) -> [String] {
    lines.enumerated().compactMap { number, line in
      guard words.contains(where: { line.contains($0) }) else { return nil }
      let isComment = line.drop { $0 == " " }.hasPrefix("//")
      guard inComments || !isComment else { return nil }
      return "\(path):\(number + 1)"
    }
  }

  /// The names of the functions that the protocols of this file ask for; these carry the contract,
  /// and the functions that fulfil it need not repeat it.
  var protocolRequirements: [String] {
    var names: [String] = []
    var isInside = false
    for line in lines {
      if line.hasPrefix("public protocol ") || line.hasPrefix("protocol ") {
        isInside = !line.hasSuffix("{}")
      }
      if line == "}" { isInside = false }
      if isInside, line.contains("func "), let match = line.firstMatch(of: #/\bfunc (\w+)/#) {
        names.append(String(match.1))
      }
    }
    return names
  }

  /// `path:line: what` for every public type and named function without a `///` block above it.
  /// Operators, `hash` and `encode`, an error's `Code` (its cases say it), and what a protocol of ours asks for are exempt.
  func undocumented(exempt: Set<String>) -> [String] {
    let type = #/\bpublic (?:final |indirect )*(?:struct|enum|class|actor|protocol) (\w+)/#
    let function = #/\bpublic (?:[a-z]+ )*func (\w+)/#
    return lines.enumerated().compactMap { number, line in
      guard line.contains("public "),
        !line.drop(while: { $0 == " " }).hasPrefix("//")
      else { return nil }
      let name: Substring
      if let match = line.firstMatch(of: type) {
        name = match.1
        if name == "Code" { return nil }
      } else if let match = line.firstMatch(of: function) {
        name = match.1
        if exempt.contains(String(name)) || ["hash", "encode"].contains(name) { return nil }
      } else {
        return nil
      }
      return isDocumented(above: number) ? nil : "\(path):\(number + 1): \(name) has no doc comment"
    }
  }

  /// Attributes may stand between the comment and the declaration.
  private func isDocumented(above number: Int) -> Bool {
    var above = number - 1
    while above >= 0 {
      let line = lines[above].drop { $0 == " " }
      if line.hasPrefix("///") { return true }
      guard line.hasPrefix("@") || line.hasPrefix("#if") else { return false }
      above -= 1
    }
    return false
  }
}
