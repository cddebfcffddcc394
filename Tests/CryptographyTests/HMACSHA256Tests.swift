import Cryptography
import Testing

/// The test cases of RFC 4231.
@Suite struct HMACSHA256Tests {
  @Test func `codes are those of RFC 4231`() {
    #expect(
      hex("Hi There", key: [UInt8](repeating: 0x0B, count: 20))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hex("what do ya want for nothing?", key: Array("Jefe".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      hex(
        "Test Using Larger Than Block-Size Key - Hash Key First",
        key: [UInt8](repeating: 0xAA, count: 131))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func `no bytes have a code too`() {
    #expect(
      hex("", key: []) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  private func hex(_ message: String, key: [UInt8]) -> String {
    Hex.string(HMACSHA256.code(of: Array(message.utf8), key: key))
  }
}
