import Arguments

/// A small command line with one of everything.
let table = CommandTable(
  program: "tool",
  summary: "Sorts apples.",
  commands: [
    CommandSpec(
      "sort", group: "Work", summary: "sort apples by size",
      discussion: "Reads baskets and sorts what is in them.\n\nRotten apples come last.",
      examples: [
        CommandExample("tool sort a b --by weight", "sorts two baskets by weight")
      ],
      positionals: [
        PositionalSpec("BASKET", help: "a basket of apples", arity: .variadic(atLeastOne: true))
      ],
      options: [
        OptionSpec(
          "--by", value: "KEY", help: "What to sort by.", defaultText: "size",
          allowed: ["size", "weight", "colour"]),
        OptionSpec("--at-least", value: "X", help: "Leave out smaller apples."),
        OptionSpec("--skip", value: "NAME", help: "Leave out a sort.", isRepeatable: true),
        OptionSpec(flag: "--reverse", short: "-r", help: "Largest first."),
      ],
      exitCodes: "0  sorted\n1  sorted, and some apples are rotten"),
    CommandSpec(
      "weigh", group: "Work", summary: "weigh one apple",
      positionals: [
        PositionalSpec("APPLE", help: "the apple"),
        PositionalSpec("SCALE", help: "the scale to use", arity: .optional),
      ],
      options: [
        OptionSpec("--unit", value: "UNIT", help: "The unit of the answer.", isRequired: true)
      ]),
    CommandSpec("report size", group: "Reports", summary: "draw a chart of sizes"),
    CommandSpec("report rot", group: "Reports", summary: "draw a chart of rot"),
    CommandSpec("trees", group: "Reports", summary: "list the trees"),
    CommandSpec(
      "trees add", group: "Reports", summary: "plant a tree",
      positionals: [PositionalSpec("TREE", help: "the tree's name")]),
  ],
  globals: [
    OptionSpec("--seed", short: "-s", value: "N", help: "The random seed.", defaultText: "1"),
    OptionSpec(flag: "--json", help: "Print one JSON document."),
  ],
  footer: "Apples keep best in the cold.")

let parser = ArgumentParser(table)

/// Parses words separated by single spaces.
func parse(_ line: String) throws(ArgumentError) -> Invocation {
  try parser.parse(line.split(separator: " ").map(String.init))
}
