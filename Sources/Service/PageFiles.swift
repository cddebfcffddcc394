internal import CPageFiles

/// The files of the page, which are part of the program.
enum PageFiles {
  /// What a browser takes a file for.
  enum Kind: String, Sendable {
    case page = "text/html; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case style = "text/css; charset=utf-8"
    case drawing = "image/svg+xml"

    init(ofFile name: String) {
      switch name.split(separator: ".").last {
      case "html": self = .page
      case "css": self = .style
      case "svg": self = .drawing
      default: self = .script
      }
    }
  }

  struct File: Sendable {
    let kind: Kind
    let bytes: [UInt8]

    init(_ kind: Kind, _ bytes: [UInt8]) {
      self.kind = kind
      self.bytes = bytes
    }
  }

  /// The file that `/` is.
  static let first = "index.html"

  /// What the page may do: run, show and ask for what comes from this server, and nothing else.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// By name, as below `/page/`.
  static let named: [String: File] = Dictionary(
    uniqueKeysWithValues: (0..<cpage_count()).map { place in
      let file = unsafe cpage_at(place)
      // Safe: names and bytes are constants of the program.
      let name = unsafe String(cString: file.name)
      return (name, File(Kind(ofFile: name), unsafe bytes(of: file)))
    })

  /// The description of the API.
  static let description = unsafe bytes(of: cpage_description())

  private static func bytes(of file: cpage_file) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
  }
}
