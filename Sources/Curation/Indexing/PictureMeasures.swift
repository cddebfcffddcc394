import Cataloging
import Cryptography
import Domain
import Imaging

extension ImageFacts {
  /// Takes in what the duplicate tiers compare: the digest of the decoded pixels and the perceptual
  /// hash.
  mutating func measure(_ picture: Picture) {
    pixelDigest = picture.pixelDigest()
    perceptualHash = picture.perceptualHash()
  }
}

extension Picture {
  /// SHA-256, in hex, over "WIDTH HEIGHT", a line feed and the pixels: the same for every file that
  /// decodes to this picture.
  func pixelDigest() -> String {
    var stream = SHA256.Stream()
    stream.update("\(width) \(height)\n")
    stream.update(pixels)
    return stream.finalizeHex()
  }
}
