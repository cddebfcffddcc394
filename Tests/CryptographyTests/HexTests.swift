import Cryptography
import Testing

@Suite struct HexTests {
  @Test func `every byte survives the round trip`() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Hex.bytes(Hex.string(bytes)) == bytes)
    #expect(Hex.string([0x00, 0x0f, 0xf0, 0xff]) == "000ff0ff")
    #expect(Hex.string([]) == "")
  }

  @Test func `both cases are read`() {
    #expect(Hex.bytes("DeadBEEF") == [0xde, 0xad, 0xbe, 0xef])
    #expect(Hex.bytes("") == [])
  }

  @Test(arguments: ["a", "abc", "0x", "g0", "0g", " 00", "-1", "é"])
  func `anything else is refused`(text: String) {
    #expect(Hex.bytes(text) == nil)
  }
}
