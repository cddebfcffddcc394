/// The end of what a program wrote to its standard error, however much that was.
struct LastWords {
  /// Bytes kept.
  static let kept = 4096
  /// Lines shown.
  static let shown = 4

  private var bytes: [UInt8] = []

  mutating func add(_ piece: ArraySlice<UInt8>) {
    bytes += piece.suffix(Self.kept)
    if bytes.count > 2 * Self.kept { bytes.removeFirst(bytes.count - Self.kept) }
  }

  /// The last lines in one, without control characters; empty where there were none.
  var text: String {
    Self.plain(bytes.suffix(Self.kept)).split(separator: "\n").suffix(Self.shown)
      .joined(separator: " | ")
  }

  /// Text of a stranger, fit to be printed.
  static func plain(_ bytes: ArraySlice<UInt8>) -> String {
    String(
      String.UnicodeScalarView(
        String(decoding: bytes, as: UTF8.self).unicodeScalars.filter {
          $0 == "\n" || $0.properties.generalCategory != .control
        }))
  }
}
