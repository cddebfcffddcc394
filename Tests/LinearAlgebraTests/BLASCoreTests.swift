import LinearAlgebra
import Testing

@Suite struct BLASCoreTests {
  @Test func `kernels of 2004 on a processor of today are changed, others stay`() {
    #expect(BLASCore.better(than: "Prescott", vectors: 512) == "SKYLAKEX")
    #expect(BLASCore.better(than: "PRESCOTT", vectors: 256) == "HASWELL")
    #expect(BLASCore.better(than: "Prescott", vectors: 0) == nil)
    for fine in ["Haswell", "Zen", "SkylakeX", "Cooperlake", "armv8"] {
      #expect(BLASCore.better(than: fine, vectors: 512) == nil)
    }
  }

  @Test func `what suits this processor is not found wanting`() {
    #expect(BLASCore.better.map { BLASCore.better(than: $0, vectors: 512) ?? "" } ?? "" == "")
  }
}
