internal import Files

/// A folder from which a mail system takes messages, and whom they are for.
struct MailSpool: Equatable, Sendable {
  let folder: String
  let recipient: String
  let sender: String

  /// - Parameter target: `FOLDER?to=ADDRESS`, with `&from=ADDRESS` where the sender is not the same.
  init(_ target: String) throws(ServiceError) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var fields: [Substring: String] = [:]
    if parts.count == 2 {
      for pair in parts[1].split(separator: "&") {
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if sides.count == 2 { fields[sides[0]] = String(sides[1]) }
      }
    }
    folder = String(parts[0])
    guard folder.hasPrefix("/"), folder.utf8.count <= 1000, !folder.utf8.contains(0),
      let recipient = fields["to"], Self.isAddress(recipient),
      Self.isAddress(fields["from"] ?? recipient)
    else {
      throw ServiceError(
        .invalid, "'\(target.prefix(80))' is no folder for mail",
        hint: "write it as /FOLDER?to=NAME@HOST, the folder from its root")
    }
    self.recipient = recipient
    sender = fields["from"] ?? recipient
  }

  /// A plain address: what needs quoting is refused.
  private static func isAddress(_ text: String) -> Bool {
    let sides = text.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "@.-_+".utf8.contains(byte)
    }
    return isPlain && sides.count == 2 && sides.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
  }

  /// Puts a message into the folder, whole or not at all. The same message has the same name.
  func put(_ message: AlertMessage, workspace: String) throws {
    guard FileSystem.isFolder(folder) else {
      throw FilesError(code: .missing, message: "the folder for mail is not there")
    }
    try AtomicFile.write(
      text: text(of: message, workspace: workspace),
      to: Paths.join(folder, "\(message.name).eml"))
  }

  /// RFC 5322, with CRLF at the ends of lines.
  func text(of message: AlertMessage, workspace: String) -> String {
    let host = sender.split(separator: "@").last.map(String.init) ?? "localhost"
    let head = [
      "Date: \(Self.date(message.at))", "From: <\(sender)>", "To: <\(recipient)>",
      "Message-ID: <\(message.name)@\(host)>",
      "Subject: \(Self.header("[\(workspace)] \(message.title)"))", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
      "Auto-Submitted: auto-generated", "X-D2R-Event: \(message.event)",
    ]
    // "\r\n" is one character in Swift.
    let plain = String(String.UnicodeScalarView(message.text.unicodeScalars.filter { $0 != "\r" }))
    let body = plain.split(separator: "\n", omittingEmptySubsequences: false)
    return (head + [""] + body.flatMap(Self.folded)).joined(separator: "\r\n") + "\r\n"
  }

  /// `Mon, 02 Mar 2026 02:30:00 +0000`
  private static func date(_ moment: Moment) -> String {
    let local = LocalTime(seconds: moment.seconds)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ number: Int) -> String { LocalTime.padded(number, 2) }
    return "\(days[local.weekday]), \(two(local.day)) \(months[local.month - 1]) \(local.year)"
      + " \(two(local.hour)):\(two(local.minute)):\(two(local.second)) +0000"
  }

  /// On one line; what is not ASCII as an encoded word (RFC 2047), in pieces of whole characters.
  private static func header(_ text: String) -> String {
    let plain = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    guard plain.utf8.contains(where: { $0 > 0x7E }) else { return String(plain.prefix(200)) }
    var words: [String] = []
    var word = ""
    var count = 0
    for character in plain.prefix(100) {
      let bytes = character.utf8.map { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          ? String(Unicode.Scalar(byte))
          : "=" + LocalTime.padded(String(byte, radix: 16, uppercase: true), 2)
      }.joined()
      if count + bytes.count > 60 {
        words.append(word)
        (word, count) = ("", 0)
      }
      word += bytes
      count += bytes.count
    }
    return (words + [word]).map { "=?utf-8?Q?\($0)?=" }.joined(separator: "\r\n ")
  }

  /// Lines of at most 900 bytes.
  private static func folded(_ line: Substring) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in line {
      if piece.utf8.count + character.utf8.count > 900 {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
    }
    return pieces + [piece]
  }
}
