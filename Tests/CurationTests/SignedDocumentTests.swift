import Cryptography
import Curation
import Diagnostics
import Testing

@Suite struct SignedDocumentTests {
  let key = SigningKey.random()
  let content: JSONValue = [
    "kind": "leak-certificate", "verdict": "clean", "comparisons": 12345,
    "threshold": ["similarityAtLeast": 0.9567, "falseMatchRate": 1e-6, "origin": "ä < b"],
    "hits": [["suspect": 3, "reference": 7, "similarity": 1.0, "mirrored": nil]],
  ]

  @Test func `what was signed is read back with its signer`() throws {
    let bytes = SignedDocument.sign(content, by: key)
    let signed = try SignedDocument(bytes)
    #expect(signed.signer == key.publicKey)
    #expect(signed.document["threshold"] == content["threshold"])
    #expect(SignedDocument.sign(content, by: key) == bytes)
    #expect(bytes.last == UInt8(ascii: "\n") && bytes.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test func `every changed, missing or added byte is refused`() throws {
    let bytes = SignedDocument.sign(content, by: key)
    for place in bytes.indices {
      for mask: UInt8 in [0x01, 0x20, 0x80] {
        var changed = bytes
        changed[place] ^= mask
        refuse(changed, "byte \(place) by \(mask)")
      }
      refuse(Array(bytes[..<place]) + Array(bytes[(place + 1)...]), "without byte \(place)")
      refuse(Array(bytes[..<place]) + [32] + Array(bytes[place...]), "a space at \(place)")
    }
    refuse(bytes + [10], "another line")
    refuse([], "nothing")
  }

  @Test func `the same values in another spelling are refused`() throws {
    let text = String(decoding: SignedDocument.sign(content, by: key), as: UTF8.self)
    for (from, to) in [
      ("12345", "12345.0"), ("1e-06", "0.000001"),
      ("\"verdict\":\"clean\"", "\"verdict\":\"clea\\u006e\""),
      (",\"verdict\"", ", \"verdict\""), ("null", "null "),
    ] {
      #expect(text.contains(from), "\(from)")
      refuse(Array(text.replacing(from, with: to).utf8), "\(from) as \(to)")
    }
    // Upper-case digits of the signature spell the same bytes.
    let start = try #require(text.firstRange(of: "\"signature\":\"")?.upperBound)
    refuse(Array((text[..<start] + text[start...].uppercased()).utf8), "upper case")
  }

  @Test func `another signer cannot stand in under the first one's name`() throws {
    let other = SigningKey.random()
    var document = content
    document["signer"] = [
      "algorithm": "Ed25519", "publicKey": .string(Hex.string(key.publicKey.bytes)),
      "fingerprint": .string(key.publicKey.fingerprint),
    ]
    let bytes = SignedDocument.sign(document, by: other)
    #expect(try SignedDocument(bytes).signer == other.publicKey)
  }

  @Test func `every changed byte of a page is refused, with the document inside it`() throws {
    let sheet = CertificateSheet(
      page: "<!DOCTYPE html>\n<p>Clean</p>\n\(CertificateSheet.marker)</script>\n</html>\n")
    var document = content
    document["page"] = .string(sheet.digest)
    let page = sheet.holding(SignedDocument.sign(document, by: key))
    #expect(try CertificateSheet.read(page).document["verdict"] == "clean")
    for place in page.indices {
      var changed = page
      changed[place] ^= 0x01
      #expect(throws: CurationError.self, "byte \(place)") { try CertificateSheet.read(changed) }
    }
    #expect(throws: CurationError.self) { try CertificateSheet.read(page + [10]) }
    #expect(throws: CurationError.self) { try CertificateSheet.read(Array(page.dropFirst())) }
    // A second document before the true one, and the true one on another page.
    let own = SignedDocument.sign(document, by: SigningKey.random())
    #expect(throws: CurationError.self) {
      try CertificateSheet.read(sheet.holding(own + Array("</script>".utf8)) + page)
    }
    let forged = CertificateSheet(page: "<p>Clean!</p>\(CertificateSheet.marker)</script>")
    #expect(throws: CurationError.self) {
      try CertificateSheet.read(forged.holding(SignedDocument.sign(document, by: key)))
    }
  }

  private func refuse(_ bytes: [UInt8], _ what: String) {
    let error = #expect(throws: CurationError.self, "\(what)") { try SignedDocument(bytes) }
    #expect(error?.code == .notTrusted)
  }
}
