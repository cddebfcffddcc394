import Cryptography
import Testing

@Suite struct MerkleTreeTests {
  /// The entries and roots of the Certificate Transparency project's own tests.
  static let entries: [[UInt8]] = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].map { Hex.bytes($0) ?? [] }

  static let roots = [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
  ]

  @Test(arguments: roots) func `published roots`(count: Int, root: String) {
    #expect(Hex.string(MerkleTree(Array(Self.entries.prefix(count))).root) == root)
  }

  @Test func `each entry has a proof, and no other entry or place fits it`() throws {
    for count in 1...33 {
      let entries = (0..<count).map { [UInt8($0), 7] }
      let tree = MerkleTree(entries)
      for place in entries.indices {
        let proof = tree.proof(at: place)
        #expect(
          MerkleTree.root(entry: entries[place], at: place, of: count, proof: proof) == tree.root)
        let wrong = MerkleTree.root(entry: [255], at: place, of: count, proof: proof)
        #expect(wrong != nil && wrong != tree.root)
        let elsewhere = (place + 1) % count
        if elsewhere != place {
          #expect(
            MerkleTree.root(entry: entries[place], at: elsewhere, of: count, proof: proof)
              != tree.root)
        }
        #expect(
          MerkleTree.root(entry: entries[place], at: place, of: count, proof: proof + [[0]])
            == nil)
      }
    }
    #expect(MerkleTree.root(entry: [], at: 0, of: 0, proof: []) == nil)
    #expect(MerkleTree.root(entry: [], at: -1, of: 3, proof: []) == nil)
  }
}
