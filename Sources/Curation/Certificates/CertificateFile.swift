public import Cryptography
public import Diagnostics

/// A document with the signature of whoever stands for it.
///
/// The file is one line of JSON, `{"document":…,"signature":"…"}`: keys sorted, no spaces, numbers
/// with the fewest digits that read back the same. The signature is Ed25519's over a label and the
/// exact bytes of the document. Any other spelling of the same values is refused, so there is no byte
/// that can be changed.
public struct SignedDocument: Sendable {
  private static let label = "d2r-curate signed document 1\n"

  /// What was signed, the signer's public key among it.
  public let document: JSONValue
  public let signer: PublicKey

  /// The file's bytes for `content`, to which the signer is added.
  public static func sign(_ content: JSONValue, by key: SigningKey) -> [UInt8] {
    var document = content
    document["signer"] = [
      "algorithm": "Ed25519", "publicKey": .string(Hex.string(key.publicKey.bytes)),
      "fingerprint": .string(key.publicKey.fingerprint),
    ]
    let signature = key.sign(Array((label + document.compact).utf8))
    return bytes(document, signature)
  }

  /// Reads a signed file and checks its signature.
  /// - Throws: where it is none, or anything in it was changed since it was signed.
  public init(_ bytes: [UInt8]) throws {
    let file: JSONValue
    do {
      file = try JSONValue(parsing: bytes)
    } catch {
      throw Self.refused("it is no JSON document: \(error.message)")
    }
    guard let document = file["document"], let text = file["signature"]?.stringValue,
      let signature = Hex.bytes(text)
    else { throw Self.refused("it holds no signed document") }
    guard bytes == Self.bytes(document, signature) else {
      throw Self.refused("it is not written as it was when it was signed")
    }
    let given = document["signer"]?["publicKey"]?.stringValue.flatMap(Hex.bytes)
    guard let signer = given.flatMap(PublicKey.init) else {
      throw Self.refused("it names no signer")
    }
    guard signer.accepts(signature, of: Array((Self.label + document.compact).utf8)) else {
      throw Self.refused("its signature does not fit")
    }
    guard document["signer"]?["fingerprint"]?.stringValue == signer.fingerprint else {
      throw Self.refused("its fingerprint is another key's")
    }
    self.document = document
    self.signer = signer
  }

  static func refused(_ reason: String) -> CurationError {
    CurationError(
      .notTrusted, "this is not what was signed: \(reason)",
      hint: "ask the signer for the file again")
  }

  private static func bytes(_ document: JSONValue, _ signature: [UInt8]) -> [UInt8] {
    let file: JSONValue = ["document": document, "signature": .string(Hex.string(signature))]
    return Array((file.compact + "\n").utf8)
  }
}

/// A page for people that carries the signed document it shows. The document names the digest of
/// the page around it, so the page cannot be changed either.
public struct CertificateSheet: Sendable {
  /// Begins the element that holds the document.
  public static let marker = "<script type=\"application/json\" id=\"certificate\">\n"
  private static let end = "</script>"
  private static let label = "d2r-curate page 1\n"

  /// Everything up to the document, the marker included, and everything after it.
  let before: [UInt8]
  let after: [UInt8]

  /// - Precondition: `page` holds the marker followed by an empty element.
  public init(page: String) {
    let parts = Self.split(Array(page.utf8))
    precondition(parts?.inside.isEmpty == true, "the page has no place for its document")
    before = parts?.before ?? []
    after = parts?.after ?? []
  }

  /// SHA-256 in hex of the page without its document.
  public var digest: String { Self.digest(before, after) }

  /// The page with its document.
  public func holding(_ signed: [UInt8]) -> [UInt8] { before + signed + after }

  /// True for bytes that begin as a page does.
  public static func isPage(_ bytes: [UInt8]) -> Bool { bytes.first == UInt8(ascii: "<") }

  /// The signed document inside a page, checked together with the page.
  public static func read(_ page: [UInt8]) throws -> SignedDocument {
    guard let parts = split(page) else {
      throw SignedDocument.refused("the page holds no signed document")
    }
    let signed = try SignedDocument(parts.inside)
    guard signed.document["page"]?.stringValue == digest(parts.before, parts.after) else {
      throw SignedDocument.refused("the page around the document was changed")
    }
    return signed
  }

  private static func digest(_ before: [UInt8], _ after: [UInt8]) -> String {
    SHA256.hex(of: Array(label.utf8) + before + [0] + after)
  }

  private static func split(
    _ page: [UInt8]
  ) -> (before: [UInt8], inside: [UInt8], after: [UInt8])? {
    guard let start = page.firstRange(of: Array(marker.utf8))?.upperBound,
      let stop = page[start...].firstRange(of: Array(end.utf8))?.lowerBound
    else { return nil }
    return (Array(page[..<start]), Array(page[start..<stop]), Array(page[stop...]))
  }
}
