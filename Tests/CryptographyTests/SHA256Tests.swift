import Cryptography
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples, as printed by `printf '%s' TEXT | sha256sum` (coreutils 9.1).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `published examples come out`(text: String, digest: String) {
    #expect(SHA256.hex(of: Array(text.utf8)) == digest)
    #expect(SHA256.hex(of: text) == digest)
    #expect(SHA256.digest(of: Array(text.utf8)) == Hex.bytes(digest))
  }

  @Test func `a stream does not care how its input is cut`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let whole = SHA256.digest(of: bytes)
    for size in [1, 3, 63, 64, 65, 999, 1000] {
      var stream = SHA256.Stream()
      for start in stride(from: 0, to: bytes.count, by: size) {
        stream.update(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(stream.finalize() == whole, "pieces of \(size)")
    }
  }

  @Test func `a stream can be read, copied and fed further`() {
    var stream = SHA256.Stream()
    stream.update("ab")
    var other = stream
    #expect(stream.finalizeHex() == SHA256.hex(of: "ab"))
    stream.update("c")
    other.update("d")
    #expect(stream.finalizeHex() == SHA256.hex(of: "abc"))
    #expect(other.finalizeHex() == SHA256.hex(of: "abd"))
  }

  @Test func `many threads can digest at once`() async {
    let expected = SHA256.hex(of: "abc")
    await withTaskGroup(of: String.self) { group in
      for _ in 0..<32 { group.addTask { SHA256.hex(of: "abc") } }
      for await digest in group { #expect(digest == expected) }
    }
  }
}
