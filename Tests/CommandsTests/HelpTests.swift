import Foundation
import Testing

extension BuiltProgram {
  /// The program explains itself.
  struct HelpTests {
    static let verbs = [
      "init", "demo", "index", "embeddings import", "embeddings export", "calibrate", "delta",
      "delta export", "delta import", "delta drift",
      "dedup", "leaks", "collisions", "identities list", "identities new", "identities withdraw",
      "identities capacity", "fill", "generate", "audit", "run", "report summary",
      "report tsne",
      "report delta",
      "report duplicates", "report leaks", "report quota", "report audit", "search", "status",
      "review", "review export", "review import", "undo", "quarantine list", "quarantine restore",
      "quarantine purge", "protect", "unprotect", "blame", "diff", "export lists",
      "verify", "models list", "models add", "models verify", "doctor", "completions", "certify",
      "keys create", "keys show",
      "gallery seal", "gallery list", "gallery log", "gallery export", "gallery import",
      "gallery purge", "pairs", "nearest", "report calibration",
      "serve", "serve desk", "token create", "token list", "token revoke",
      "jobs submit", "jobs list", "jobs show", "jobs cancel", "jobs retry", "jobs work",
      "schedule add", "schedule list", "schedule pause", "schedule resume", "schedule remove",
      "schedule run-now", "schedule history", "schedule preview", "alerts add", "alerts list",
      "alerts test", "alerts remove", "watch add", "watch list", "watch remove",
    ]

    @Test(arguments: verbs)
    func `every verb's help shows usage, options and an example`(verb: String) {
      let help = Tool().run(words(verb) + ["--help"])
      #expect(help.code == 0)
      #expect(help.out.hasPrefix("usage: d2r-curate \(verb)"))
      #expect(help.out.contains("\nExamples:\n"))
      #expect(help.out.contains("d2r-curate"))
      #expect(help.out.contains("--workspace DIR"))
      #expect(help.err.isEmpty)
      #expect(
        help.out.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("  d2r-") })
      #expect(Tool().run(["help"] + words(verb)).out == help.out)
    }

    @Test func `the overall help lists exactly the verbs that are tested here`() {
      let help = Tool().run("--help")
      let listed = help.out.split(separator: "\n").filter { $0.hasPrefix("  ") }
        .map { $0.dropFirst(2) }.filter { !$0.hasPrefix(" ") && !$0.hasPrefix("--") }
        .compactMap { $0.components(separatedBy: "  ").first }
      #expect(Set(listed) == Set(Self.verbs))
      #expect(help.out.contains("0 clean, 1 finished with findings"))
    }

    @Test func `every verb is used by a test of the built program`() throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().path
      let tests = contents(of: folder).filter { $0.key != "HelpTests.swift" }.values
        .map { String(decoding: $0, as: UTF8.self) }.joined()
      for verb in Self.verbs {
        let quoted = words(verb).map { "\"\($0)\"" }.joined(separator: ", ")
        #expect(tests.contains(quoted), "no test runs \(verb)")
      }
    }

    @Test func `nothing at all asks for help`() {
      let bare = Tool().run([])
      #expect(bare.code == 0)
      #expect(bare.out == Tool().run("--help").out)
    }

    @Test func `the version is printed on demand`() {
      let version = Tool().run("--version")
      #expect(version.code == 0)
      #expect(version.out.hasPrefix("d2r-curate "))
    }

    @Test func `completions are bash that completes verbs and options`() {
      let result = Tool().run("completions")
      #expect(result.code == 0)
      let script = """
        eval "$(d2r-curate completions)"
        COMP_WORDS=(d2r-curate ind); COMP_CWORD=1; COMP_LINE="d2r-curate ind"; COMP_POINT=14
        "$(complete -p d2r-curate | sed 's/.*-F \\([^ ]*\\).*/\\1/')"; echo "${COMPREPLY[@]}"
        """
      let completed = Tool().shell(script)
      #expect(completed.out.contains("index"), "\(completed.said)")
    }

    private func words(_ verb: String) -> [String] {
      verb.split(separator: " ").map(String.init)
    }
  }
}
