import Arguments
import Testing

@Suite struct ArgumentParserTests {
  @Test func `a value follows its option or an equals sign`() throws {
    #expect(try parse("sort a --by weight").string("--by") == "weight")
    #expect(try parse("sort a --by=weight").string("--by") == "weight")
    #expect(try parse("sort a --skip=x=y").strings("--skip") == ["x=y"])
    #expect(try parse("sort a --skip=").strings("--skip") == [""])
  }

  @Test func `globals stand before, between and after the words of a command`() throws {
    for line in ["--seed 7 report size", "report --seed 7 size", "report size -s 7"] {
      let invocation = try parse(line)
      #expect(invocation.path == ["report", "size"], "\(line)")
      #expect(try invocation.int("--seed") == 7, "\(line)")
    }
  }

  @Test func `what was left out is nil, false or empty`() throws {
    let invocation = try parse("sort a")
    #expect(invocation.wish == .run)
    #expect(invocation.string("--by") == nil)
    #expect(try invocation.int("--seed") == nil)
    #expect(try invocation.double("--at-least") == nil)
    #expect(invocation.strings("--skip") == [])
    #expect(!invocation.flag("--reverse"))
    #expect(!invocation.flag("--json"))
  }

  @Test func `a short flag is the long one`() throws {
    #expect(try parse("sort a -r").flag("--reverse"))
    #expect(try parse("sort a -r --reverse").flag("--reverse"))
  }

  @Test func `a repeatable option keeps every value in order`() throws {
    #expect(try parse("sort a --skip x b --skip y").strings("--skip") == ["x", "y"])
  }

  @Test func `a negative number is a value and a positional, never an option`() throws {
    #expect(try parse("sort a --at-least -0.5").double("--at-least") == -0.5)
    #expect(try parse("sort -3 -1e-4").positionals("BASKET") == ["-3", "-1e-4"])
  }

  @Test func `after two dashes everything is positional`() throws {
    let invocation = try parse("sort a -- --reverse --help -- b")
    #expect(invocation.wish == .run)
    #expect(invocation.positionals("BASKET") == ["a", "--reverse", "--help", "--", "b"])
    #expect(!invocation.flag("--reverse"))
  }

  @Test func `a lone dash is positional`() throws {
    #expect(try parse("weigh - --unit g").positional("APPLE") == "-")
  }

  @Test func `an optional positional may be left out`() throws {
    #expect(try parse("weigh a --unit g").positional("SCALE") == nil)
    #expect(try parse("weigh a b --unit g").positional("SCALE") == "b")
  }

  @Test func `a word can be a command and the start of longer ones`() throws {
    #expect(try parse("trees").command == "trees")
    #expect(try parse("trees --json").command == "trees")
    let adding = try parse("trees add oak")
    #expect(adding.command == "trees add")
    #expect(adding.positional("TREE") == "oak")
  }

  @Test func `help is asked for in five ways and checks nothing else`() throws {
    let cases: [(String, [String])] = [
      ("", []), ("help", []), ("--help", []), ("-h", []), ("help sort", ["sort"]),
      ("sort --help", ["sort"]), ("--help sort --nonsense", ["sort"]), ("report -h", ["report"]),
      ("help report size", ["report", "size"]), ("sort --by --help", ["sort"]),
      ("trees --help", ["trees"]), ("help trees add", ["trees", "add"]),
      ("report size --seed x --help", ["report", "size"]),
    ]
    for (line, path) in cases {
      let invocation = try parse(line)
      #expect(invocation.wish == .help, "\(line)")
      #expect(invocation.path == path, "\(line)")
    }
  }

  @Test func `the version is asked for by its flag`() throws {
    #expect(try parse("--version").wish == .version)
    #expect(try parse("sort --version").wish == .version)
  }

  @Test func `every declared option can be given, in any order`() throws {
    for command in table.commands {
      for option in (command.options + table.globals).filter({ !$0.isFlag }) {
        let value = option.allowed.first ?? "1"
        let needed = command.options.filter { $0.isRequired && $0 != option }
        let words =
          command.path + [option.name, value] + needed.flatMap { [$0.name, "1"] }
          + command.positionals.map(\.name)
        #expect(try parser.parse(words).string(option.name) == value, "\(words)")
      }
    }
  }
}
