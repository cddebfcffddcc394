import Cryptography
import Domain

/// A list of images that a certificate commits to without showing any of it: sorted digests under
/// one Merkle root. An image is named by its place in the sorted list, which tells nothing to those
/// who do not hold the images.
struct CertificateCommitments: Sendable {
  let tree: MerkleTree
  /// Row of the images at each place.
  let rows: [Int]
  /// Place of each row.
  let places: [Int]

  /// - Parameter entries: one per row; equal ones keep the rows' order.
  init(_ entries: [[UInt8]]) {
    rows = entries.indices.sorted { first, second in
      entries[first] == entries[second]
        ? first < second : entries[first].lexicographicallyPrecedes(entries[second])
    }
    var places = [Int](repeating: 0, count: entries.count)
    for (place, row) in rows.enumerated() { places[row] = place }
    self.places = places
    tree = MerkleTree(rows.map { entries[$0] })
  }

  /// Of a gallery: over the templates alone, never over pictures.
  static func gallery(_ unit: Vectors, space: Space) -> CertificateCommitments {
    CertificateCommitments(templates(unit, space))
  }

  /// Of images under suspicion: over each picture's SHA-256 (zeros for a vector without a picture),
  /// followed by its template's digest.
  static func suspects(
    _ images: EmbeddedImages, digests: [Int64: String]
  ) -> CertificateCommitments {
    let none = [UInt8](repeating: 0, count: SHA256.byteCount)
    return CertificateCommitments(
      zip(images.images, templates(images.unit, images.space)).map { image, template in
        (digests[image].flatMap(Hex.bytes) ?? none) + template
      })
  }

  /// Hex.
  var root: String { Hex.string(tree.root) }

  private static func templates(_ unit: Vectors, _ space: Space) -> [[UInt8]] {
    (0..<unit.count).map { digest(of: unit[row: $0], in: space) }
  }

  /// A template's digest: SHA-256 over a label, the encoder's digest and the unit vector as float32,
  /// little endian.
  static func digest(of row: ArraySlice<Float>, in space: Space) -> [UInt8] {
    var bytes = Array("d2r-curate template 1\n\(space.encoderDigest)\n".utf8)
    bytes.reserveCapacity(bytes.count + 4 * row.count)
    for value in row {
      let bits = value.bitPattern
      for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(place)))) }
    }
    return SHA256.digest(of: bytes)
  }
}
