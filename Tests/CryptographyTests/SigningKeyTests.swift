import Cryptography
import Testing

@Suite struct SigningKeyTests {
  /// RFC 8032, section 7.1, tests 1 and 3.
  static let published: [(seed: String, key: String, message: String, signature: String)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        + "b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        + "c6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  @Test(arguments: published)
  func `published keys give the published signatures`(
    example: (seed: String, key: String, message: String, signature: String)
  ) throws {
    let seed = SecretBytes(try #require(Hex.bytes(example.seed)))
    let key = try #require(SigningKey(seed: seed))
    let message = try #require(Hex.bytes(example.message))
    #expect(Hex.string(key.publicKey.bytes) == example.key)
    #expect(Hex.string(key.sign(message)) == example.signature)
    #expect(key.publicKey.accepts(key.sign(message), of: message))
  }

  @Test func `no changed bit of message, signature or key is accepted`() throws {
    let key = SigningKey.random()
    let message = Array("no hit is left".utf8)
    let signature = key.sign(message)
    func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
      var bytes = bytes
      bytes[bit / 8] ^= 1 << (bit % 8)
      return bytes
    }
    for bit in 0..<8 * message.count {
      #expect(!key.publicKey.accepts(signature, of: flipped(message, bit)))
    }
    for bit in 0..<8 * signature.count {
      #expect(!key.publicKey.accepts(flipped(signature, bit), of: message))
    }
    for bit in 0..<256 {
      let other = try #require(PublicKey(flipped(key.publicKey.bytes, bit)))
      #expect(!other.accepts(signature, of: message))
      #expect(other.fingerprint != key.publicKey.fingerprint)
    }
    #expect(!key.publicKey.accepts(Array(signature.dropLast()), of: message))
    #expect(!key.publicKey.accepts([], of: message))
  }

  @Test func `a key is made again from its seed, and of nothing else`() throws {
    let key = SigningKey.random()
    #expect(SigningKey(seed: SecretBytes(key.seedBytes))?.publicKey == key.publicKey)
    #expect(SigningKey(seed: SecretBytes([1, 2, 3])) == nil)
    #expect(PublicKey([]) == nil)
    #expect(SigningKey.random().publicKey != key.publicKey)
  }
}
