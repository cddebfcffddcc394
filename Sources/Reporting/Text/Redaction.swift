/// Keeps absolute paths out of everything that leaves the machine.
enum Redaction {
  /// `text` with every absolute path in it cut down to its last component behind `…/`.
  ///
  /// A text that is a path as a whole may hold blanks; inside a sentence a path ends at a blank or at
  /// a closing mark. A lone `/` and the slashes of relative paths stay.
  static func withoutAbsolutePaths(_ text: String) -> String {
    guard text.utf8.contains(slash) else { return text }
    if text.hasPrefix("/") { return shortened(text[...]) }
    var result = ""
    var rest = text[...]
    var previous: Character = " "
    while let character = rest.first {
      if character == "/", opensPath(after: previous), isAbsolute(rest, after: previous) {
        let path = rest.prefix { !endsPath($0) }
        result += shortened(path)
        rest = rest[path.endIndex...]
        previous = "/"
      } else {
        result.append(character)
        previous = character
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static let slash = UInt8(ascii: "/")

  private static func shortened(_ path: Substring) -> String {
    guard let last = path.split(separator: "/").last else { return "…" }
    return "…/" + last
  }

  private static func opensPath(after character: Character) -> Bool {
    character.isWhitespace || "\"'`([{=:,;|".contains(character)
  }

  /// True for `/home/kim` and for what follows `file:` in `file:///home`, not for the host of a web
  /// address.
  private static func isAbsolute(_ text: Substring, after previous: Character) -> Bool {
    let next = Array(text.dropFirst().prefix(2))
    guard let first = next.first, isPathStart(first) else { return false }
    return previous != ":" || first != "/" || next.last == "/" && next.count == 2
  }

  private static func isPathStart(_ character: Character) -> Bool {
    character == "/" || !(character.isWhitespace || character.isPunctuation)
      || "._-~".contains(character)
  }

  private static func endsPath(_ character: Character) -> Bool {
    character.isWhitespace || "\"'`)]}>,;|".contains(character)
  }
}
