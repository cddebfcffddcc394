import HTTPServer
import Testing

@Suite struct GzipTests {
  @Test func `what repeats becomes shorter and has the format's mark`() throws {
    let packed = try #require(Gzip.compressed([UInt8](repeating: 65, count: 10_000)))
    #expect(packed.count < 100)
    #expect(packed.prefix(3) == [0x1F, 0x8B, 8])
    // The last word is the length of what was packed (RFC 1952).
    #expect(packed.suffix(4).elementsEqual([0x10, 0x27, 0, 0]))
  }

  @Test func `what would not become shorter stays`() {
    #expect(Gzip.compressed([]) == nil)
    #expect(Gzip.compressed((0..<256).map { UInt8($0) }) == nil)
  }
}
