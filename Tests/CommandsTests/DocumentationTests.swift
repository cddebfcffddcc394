import Foundation
import Testing

extension BuiltProgram {
  /// What README and the guides tell people to type works.
  struct DocumentationTests {
    /// Paths of README and the guides that exist, README first.
    static let pages: [String] = {
      let root = Tool.packageRoot.path
      let guides = contents(of: "\(root)/docs").keys.filter { $0.hasSuffix(".md") }.sorted()
      return (["README.md"] + guides.map { "docs/\($0)" }).filter {
        FileManager.default.fileExists(atPath: "\(root)/\($0)")
      }
    }()

    private func text(_ page: String) throws -> String {
      try String(contentsOfFile: "\(Tool.packageRoot.path)/\(page)", encoding: .utf8)
    }

    /// The lines of every block that is fenced as `sh`, in order.
    private func commands(_ page: String) throws -> [String] {
      var lines: [String] = []
      var isInside = false
      for line in try text(page).split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
          isInside = !isInside && line == "```sh"
        } else if isInside {
          if let last = lines.last, last.hasSuffix("\\") {
            lines[lines.count - 1] = String(last.dropLast()) + String(line)
          } else if !line.isEmpty {
            lines.append(String(line))
          }
        }
      }
      return lines
    }

    @Test func `every verb is mentioned in README or a guide`() throws {
      let all = try Self.pages.map(text).joined()
      for verb in HelpTests.verbs {
        #expect(all.contains("`\(verb)`") || all.contains("d2r-curate \(verb)"), "\(verb)")
      }
    }

    @Test(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
    func `every command in README and the guides runs`() throws {
      let scratch = try Scratch()
      var tool = Tool(folder: scratch.path)
      tool.environment["D2R_WORKSPACE"] = .some(nil)
      tool.environment["XDG_CONFIG_HOME"] = scratch["config"]
      let demo = tool.run(
        "demo", "demo", "--identities", "6", "--per-identity", "8", "--quiet", patience: 300)
      try #require(demo.code == 0, "\(demo.said)")
      var count = 0
      for page in Self.pages {
        for line in try commands(page) {
          let result = tool.shell(line, patience: 300)
          #expect([0, 1].contains(result.code), "\(page): \(line)\n\(result.said)")
          count += 1
        }
      }
      #expect(count >= 10)
    }
  }
}
