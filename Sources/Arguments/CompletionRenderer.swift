/// Shell completions, made from the same table as the parser.
public struct CompletionRenderer: Sendable {
  let table: CommandTable

  public init(_ table: CommandTable) { self.table = table }

  /// A bash script to source: completes commands, their second words, options and allowed values,
  /// and file names everywhere else.
  public func bash() -> String {
    let function = "_" + table.program.map { $0 == "-" ? "_" : String($0) }.joined()
    var lines = [
      "\(function)() {",
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
      "  local first=\"${COMP_WORDS[1]}\" second=\"${COMP_WORDS[2]}\" words=\"\"",
      "  COMPREPLY=()",
      "  case \"$first $second $previous\" in",
    ]
    for command in table.commands {
      for option in command.options where !option.allowed.isEmpty {
        lines.append(
          "    \(quoted(pattern(command)))*\" \(option.name)\") words=\"\(joined(option.allowed))\" ;;"
        )
      }
    }
    lines += ["  esac", "  if [[ -z $words && $COMP_CWORD -eq 1 ]]; then"]
    lines.append("    words=\"\(joined(table.firstWords + ["help", "--help", "--version"]))\"")
    lines += ["  elif [[ -z $words ]]; then", "    case \"$first $second\" in"]
    // The two-word commands come first: a `case` takes the first pattern that fits.
    let pairs = table.commands.filter { $0.path.count == 2 }
    for command in pairs + table.commands.filter({ $0.path.count == 1 }) {
      let options = (command.options + table.globals).map(\.name) + ["--help"]
      lines.append("      \(quoted(pattern(command)))*) words=\"\(joined(options))\" ;;")
    }
    lines.append("    esac")
    for word in table.firstWords where !table.family(of: word).isEmpty {
      let seconds = table.family(of: word).map { $0.path[1] }
      lines.append(
        "    [[ $COMP_CWORD -eq 2 && $first == \(word) ]] && words+=\" \(joined(seconds))\"")
    }
    lines += [
      "  fi", "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))",
      "  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$current\"))",
      "  return 0", "}", "complete -o filenames -F \(function) \(table.program)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The words a command line of this command starts with, in `$first $second`.
  private func pattern(_ command: CommandSpec) -> String {
    command.path.count == 2 ? command.name : command.name + " "
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }

  private func joined(_ words: [String]) -> String { words.joined(separator: " ") }
}
