import Arguments
import Foundation
import Testing

@Suite struct HelpRendererTests {
  let renderer = HelpRenderer(table)

  @Test func `the overall help lists every command under its group`() {
    #expect(
      renderer.overall() == """
        usage: tool COMMAND [OPTIONS]

        Sorts apples.

        Work:
          sort         sort apples by size
          weigh        weigh one apple

        Reports:
          report size  draw a chart of sizes
          report rot   draw a chart of rot
          trees        list the trees
          trees add    plant a tree

        Options of every command:
          -s, --seed N  The random seed. (default: 1)
          --json        Print one JSON document.

        tool COMMAND --help tells more about a command.

        Apples keep best in the cold.

        """)
  }

  @Test func `the help of a command tells all its table holds`() {
    #expect(
      renderer.help(for: ["sort"]) == """
        usage: tool sort BASKET... [OPTIONS]

        Sort apples by size.

        Reads baskets and sorts what is in them.

        Rotten apples come last.

        Arguments:
          BASKET  a basket of apples

        Options:
          --by KEY       What to sort by. (one of size, weight, colour; default: size)
          --at-least X   Leave out smaller apples.
          --skip NAME    Leave out a sort. (may be repeated)
          -r, --reverse  Largest first.

        Options of every command:
          -s, --seed N  The random seed. (default: 1)
          --json        Print one JSON document.

        Examples:
          tool sort a b --by weight
              sorts two baskets by weight

        Exit codes:
          0  sorted
          1  sorted, and some apples are rotten

        """)
  }

  @Test func `the usage shows what is needed and what is not`() throws {
    let weigh = try #require(table.command(named: "weigh"))
    #expect(renderer.usage(weigh) == "tool weigh APPLE [SCALE] --unit UNIT [OPTIONS]")
  }

  @Test func `a first word alone lists its commands`() {
    #expect(
      renderer.help(for: ["trees"]).hasPrefix(
        """
        usage: tool trees [OPTIONS]
               tool trees add TREE [OPTIONS]

        Commands:
          trees      list the trees
          trees add  plant a tree

        """))
  }

  @Test func `an empty path and an unknown one give the overall help`() {
    #expect(renderer.help(for: []) == renderer.overall())
    #expect(renderer.help(for: ["nonsense"]) == renderer.overall())
  }

  @Test func `no line is wider than asked for, and no word is lost`() {
    for columns in [40, 60, 80, 200] {
      let narrow = HelpRenderer(table, columns: columns)
      for path in [[]] + table.commands.map(\.path) {
        let help = narrow.help(for: path)
        for line in help.split(separator: "\n") {
          let isUsage = line.hasPrefix("usage") || line.contains("tool")
          #expect(isUsage || line.count <= columns, "\(columns): \(line)")
        }
        let words = { (text: String) in text.split(whereSeparator: \.isWhitespace) }
        #expect(words(help) == words(renderer.help(for: path)))
      }
    }
  }
}

@Suite struct CompletionRendererTests {
  /// What bash completes after these words; the last is the one being typed.
  func completions(_ words: [String]) throws -> Set<String> {
    let script =
      CompletionRenderer(table).bash()
        + """
        set -e
        COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
        _tool; printf '%s\\n' "${COMPREPLY[@]}"
        """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["--norc", "-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: "/proc/self/fdinfo")
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return Set(text.split(separator: "\n").map(String.init))
  }

  @Test func `bash completes commands, second words, options and allowed values`() throws {
    #expect(
      try completions(["tool", ""])
        == ["sort", "weigh", "report", "trees", "help", "--help", "--version"])
    #expect(try completions(["tool", "so"]) == ["sort"])
    #expect(try completions(["tool", "report", ""]) == ["size", "rot"])
    #expect(try completions(["tool", "sort", "a", "--re"]) == ["--reverse"])
    #expect(try completions(["tool", "sort", "a", "--by", ""]) == ["size", "weight", "colour"])
    #expect(try completions(["tool", "sort", "--by", "w"]) == ["weight"])
    #expect(try completions(["tool", "report", "size", "--j"]) == ["--json"])
    #expect(try completions(["tool", "trees", "a"]) == ["add"])
  }
}
