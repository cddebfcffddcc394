import Cryptography
import Testing

@Suite struct SealedStreamTests {
  let key = SecretBytes(randomCount: 32)

  /// Around the pieces of 64 KiB, and nothing at all.
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
  func `what was sealed comes back`(count: Int) {
    let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let sealed = SealedStream.seal(plain, key: key, about: [1, 2])
    #expect(SealedStream.open(sealed, key: key, about: [1, 2]) == plain)
    #expect(sealed != SealedStream.seal(plain, key: key, about: [1, 2]), "a nonce came twice")
    #expect(SealedStream.open(sealed, key: key, about: [1, 3]) == nil)
    #expect(SealedStream.open(sealed, key: SecretBytes(randomCount: 32), about: [1, 2]) == nil)
    #expect(SealedStream.open(Array(sealed.dropLast()), key: key, about: [1, 2]) == nil)
    #expect(SealedStream.open(sealed + [0], key: key, about: [1, 2]) == nil)
  }

  @Test func `every changed byte is noticed`() {
    let plain = Array("a template".utf8)
    let sealed = SealedStream.seal(plain, key: key, about: [])
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 0x10
      #expect(SealedStream.open(changed, key: key, about: []) == nil, "byte \(place)")
    }
    #expect(SealedStream.open([], key: key, about: []) == nil)
  }

  @Test func `pieces cannot be cut off or exchanged`() {
    let plain = [UInt8](repeating: 7, count: 3 << 16)
    let sealed = SealedStream.seal(plain, key: key, about: [])
    let piece = (1 << 16) + 17
    let cut = Array(sealed[..<(24 + 2 * piece)])
    #expect(SealedStream.open(cut, key: key, about: []) == nil)
    let exchanged =
      Array(sealed[..<24]) + Array(sealed[(24 + piece)..<(24 + 2 * piece)])
      + Array(sealed[24..<(24 + piece)]) + Array(sealed[(24 + 2 * piece)...])
    #expect(exchanged.count == sealed.count)
    #expect(SealedStream.open(exchanged, key: key, about: []) == nil)
  }

  @Test func `a wrapped key comes out with the same outer key only`() throws {
    let inner = SecretBytes(randomCount: 32)
    let wrapped = KeyWrap.wrap(inner, with: key, about: [9])
    #expect(wrapped.count == KeyWrap.byteCount)
    #expect(KeyWrap.unwrap(wrapped, with: key, about: [9])?.copy == inner.copy)
    #expect(KeyWrap.unwrap(wrapped, with: key, about: [8]) == nil)
    #expect(KeyWrap.unwrap(wrapped, with: inner, about: [9]) == nil)
    for place in wrapped.indices {
      var changed = wrapped
      changed[place] ^= 1
      #expect(KeyWrap.unwrap(changed, with: key, about: [9]) == nil)
    }
  }

  @Test func `a passphrase gives one key per salt and cost`() throws {
    let cost = PassphraseKey.Cost(operations: 1, memory: 1 << 20)
    let salt = [UInt8](repeating: 3, count: 16)
    let words = Array("correct horse battery staple".utf8)
    let first = try #require(PassphraseKey.key(passphrase: words, salt: salt, cost: cost))
    #expect(first.copy == PassphraseKey.key(passphrase: words, salt: salt, cost: cost)?.copy)
    let other = PassphraseKey.key(
      passphrase: words, salt: [UInt8](repeating: 4, count: 16), cost: cost)
    #expect(first.copy != other?.copy)
    #expect(PassphraseKey.key(passphrase: words, salt: [1], cost: cost) == nil)
    let greedy = PassphraseKey.Cost(operations: 1, memory: 1 << 40)
    #expect(PassphraseKey.key(passphrase: words, salt: salt, cost: greedy) == nil)
  }

  @Test func `a keyed hash depends on the key`() {
    let other = SecretBytes(randomCount: 32)
    #expect(KeyedHash.digest(of: "a.png", key: key) == KeyedHash.digest(of: "a.png", key: key))
    #expect(KeyedHash.digest(of: "a.png", key: key) != KeyedHash.digest(of: "a.png", key: other))
    #expect(KeyedHash.digest(of: "a.png", key: key) != KeyedHash.digest(of: "b.png", key: key))
    #expect(KeyedHash.digest(of: "", key: key, count: 16).count == 16)
  }
}
