import Arguments
import Testing

/// One row for every message the parser can print.
@Suite struct ArgumentErrorTests {
  struct Row: Sendable {
    var line: String
    var code: ArgumentError.Code
    var message: String
    var help: String
  }

  static let rows: [Row] = [
    Row(
      line: "sotr a", code: .unknownCommand,
      message: "there is no command \"sotr\"; did you mean sort?", help: "tool"),
    Row(
      line: "frobnicate", code: .unknownCommand,
      message: "there is no command \"frobnicate\"", help: "tool"),
    Row(
      line: "report sise", code: .unknownCommand,
      message: "there is no command \"report sise\"; did you mean report size?",
      help: "tool report"),
    Row(
      line: "report banana", code: .unknownCommand,
      message: "there is no command \"report banana\"; after report comes size or rot",
      help: "tool report"),
    Row(
      line: "help sotr", code: .unknownCommand,
      message: "there is no command \"sotr\"; did you mean sort?", help: "tool"),
    Row(
      line: "--json", code: .missingCommand, message: "no command was given", help: "tool"),
    Row(
      line: "report --json", code: .missingCommand,
      message: "report needs one more word: size or rot", help: "tool report"),
    Row(
      line: "sort a --sed 4", code: .unknownOption,
      message: "unknown option --sed for sort; did you mean --seed?", help: "tool sort"),
    Row(
      line: "sort a --rev", code: .unknownOption,
      message: "unknown option --rev for sort; did you mean --reverse?", help: "tool sort"),
    Row(
      line: "sort a -x", code: .unknownOption,
      message: "unknown option -x for sort",
      help: "tool sort"),
    Row(
      line: "sort a --frobnicate=3", code: .unknownOption,
      message: "unknown option --frobnicate for sort", help: "tool sort"),
    Row(
      line: "--frobnicate sort", code: .unknownOption, message: "unknown option --frobnicate",
      help: "tool"),
    Row(
      line: "--reverse sort a", code: .unknownOption,
      message: "--reverse belongs after its command, as in sort --reverse", help: "tool"),
    Row(
      line: "sort a --at-least", code: .missingValue,
      message: "--at-least needs a value: --at-least X", help: "tool sort"),
    Row(
      line: "sort a -s", code: .missingValue, message: "-s needs a value: -s N", help: "tool sort"),
    Row(
      line: "sort a --at-least --reverse", code: .missingValue,
      message: "--at-least needs a value, but --reverse follows "
        + "(a value that starts with a dash is written --at-least=VALUE)",
      help: "tool sort"),
    Row(
      line: "sort a --reverse=yes", code: .unexpectedValue,
      message: "--reverse takes no value, but was given \"--reverse=yes\"", help: "tool sort"),
    Row(
      line: "sort a --by wieght", code: .badValue,
      message: "--by takes size, weight or colour, but was given \"wieght\"; did you mean weight?",
      help: "tool sort"),
    Row(
      line: "sort a --by taste", code: .badValue,
      message: "--by takes size, weight or colour, but was given \"taste\"", help: "tool sort"),
    Row(
      line: "sort a --seed 1 -s 2", code: .repeatedOption,
      message: "-s was given twice, as \"1\" and as \"2\"", help: "tool sort"),
    Row(
      line: "weigh a", code: .missingOption, message: "weigh needs --unit UNIT",
      help: "tool weigh"),
    Row(
      line: "weigh --unit g", code: .missingPositional, message: "weigh needs APPLE: the apple",
      help: "tool weigh"),
    Row(
      line: "sort", code: .missingPositional, message: "sort needs BASKET: a basket of apples",
      help: "tool sort"),
    Row(
      line: "weigh a b c --unit g", code: .unexpectedPositional,
      message: "weigh does not know what to do with \"c\"", help: "tool weigh"),
    Row(
      line: "trees oak", code: .unexpectedPositional,
      message: "trees does not know what to do with \"oak\"", help: "tool trees"),
  ]

  @Test(arguments: rows)
  func `every mistake is named as typed and points to the help`(_ row: Row) {
    let error = #expect(throws: ArgumentError.self, "\(row.line)") { try parse(row.line) }
    #expect(error?.message == row.message)
    #expect(error?.code == row.code)
    #expect(error?.hint == "run \(row.help) --help")
  }

  @Test func `every kind of mistake has a row`() {
    let codes: [ArgumentError.Code] = [
      .unknownCommand, .missingCommand, .unknownOption, .missingOption, .repeatedOption,
      .missingValue, .unexpectedValue, .badValue, .missingPositional, .unexpectedPositional,
    ]
    for code in codes { #expect(Self.rows.contains { $0.code == code }, "\(code)") }
  }

  @Test func `a whole number is told from anything else`() throws {
    let range = 1...8
    let cases = [
      ("x", "--seed takes a whole number from 1 to 8, but was given \"x\""),
      ("2.5", "--seed takes a whole number from 1 to 8, but was given \"2.5\""),
      ("0", "--seed takes a whole number from 1 to 8, but was given \"0\""),
      ("99999999999999999999", nil),
    ]
    for (value, message) in cases {
      let invocation = try parse("sort a --seed \(value)")
      let error = #expect(throws: ArgumentError.self) { try invocation.int("--seed", in: range) }
      if let message { #expect(error?.message == message) }
      #expect(error?.hint == "run tool sort --help")
    }
    #expect(try parse("sort a --seed 8").int("--seed", in: range) == 8)
    #expect(try parse("sort a --seed -8").int("--seed") == -8)
  }

  @Test func `the bounds of a number are spelled out`() throws {
    let invocation = try parse("sort a --seed x --at-least nan")
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: ArgumentError.self) { try body() }?.message
    }
    #expect(
      message { _ = try invocation.int("--seed") }
        == "--seed takes a whole number, but was given \"x\"")
    #expect(
      message { _ = try invocation.int("--seed", in: 1 ... .max) }
        == "--seed takes a whole number of at least 1, but was given \"x\"")
    #expect(
      message { _ = try invocation.int("--seed", in: .min...9) }
        == "--seed takes a whole number of at most 9, but was given \"x\"")
    #expect(
      message { _ = try invocation.double("--at-least") }
        == "--at-least takes a number, but was given \"nan\"")
    #expect(
      message { _ = try invocation.double("--at-least", in: -1...1) }
        == "--at-least takes a number from -1.0 to 1.0, but was given \"nan\"")
  }

  @Test func `infinity is no number, whatever the range`() throws {
    let invocation = try parse("sort a --at-least inf")
    #expect(throws: ArgumentError.self) { try invocation.double("--at-least") }
  }

  @Test func `a command can make a usage error of its own`() throws {
    let error = try parse("report size").usageError("size needs apples")
    #expect(error.message == "size needs apples")
    #expect(error.hint == "run tool report size --help")
  }
}
