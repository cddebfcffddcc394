/// A page of help while it is written: paragraphs and two-column sections, wrapped.
struct HelpPage {
  let columns: Int
  private(set) var text = ""

  init(columns: Int) { self.columns = columns }

  /// One line as it is.
  mutating func line(_ line: String) { text += line + "\n" }

  /// Paragraphs separated by empty lines, each wrapped; a line that starts with a space is kept
  /// as it is. Nothing for an empty text.
  mutating func paragraph(_ content: String) {
    guard !content.isEmpty else { return }
    separate()
    var waiting: [Substring] = []
    let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines + [Substring()] {
      guard line.hasPrefix(" ") || line.isEmpty else {
        waiting.append(line)
        continue
      }
      let joined = waiting.joined(separator: " ")
      waiting = []
      for wrapped in Self.wrap(joined, to: columns) where !joined.isEmpty {
        text += wrapped + "\n"
      }
      text += line + "\n"
    }
    text.removeLast()
  }

  /// A heading over rows of two columns; a left side too long for its column gets its own line.
  /// Nothing where there are no rows.
  mutating func section(_ title: String, rows: [(String, String)], leftWidth: Int? = nil) {
    guard !rows.isEmpty else { return }
    separate()
    line("\(title):")
    let width = min(leftWidth ?? rows.map(\.0.count).max() ?? 0, 26)
    let indent = String(repeating: " ", count: width + 4)
    for (left, right) in rows {
      let wrapped = Self.wrap(right, to: columns - width - 4)
      if left.count > width {
        line("  " + left)
        for part in wrapped { line(indent + part) }
      } else {
        let gap = String(repeating: " ", count: width - left.count + 2)
        line(wrapped.isEmpty ? "  " + left : "  " + left + gap + wrapped[0])
        for part in wrapped.dropFirst() { line(indent + part) }
      }
    }
  }

  /// The examples, each with what it does under it.
  mutating func examples(_ examples: [CommandExample]) {
    guard !examples.isEmpty else { return }
    separate()
    line("Examples:")
    for example in examples {
      line("  " + example.line)
      for part in Self.wrap(example.effect, to: columns - 6) { line("      " + part) }
    }
  }

  /// A heading over lines that stay as they are. Nothing for an empty text.
  mutating func lines(_ title: String, _ content: String) {
    guard !content.isEmpty else { return }
    separate()
    line("\(title):")
    for part in content.split(separator: "\n") { line("  " + part) }
  }

  private mutating func separate() { if !text.isEmpty { text += "\n" } }

  /// The words of `content` in lines of at most `width`; a longer word has its own line.
  static func wrap(_ content: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in content.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
