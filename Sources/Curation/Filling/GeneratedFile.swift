import Cataloging
import Cryptography
import Domain
import Imaging

/// Where a generated picture lies, and what the catalog keeps of it.
struct GeneratedFile {
  let line: FillLine
  /// Attempt number within the identity, over all requests.
  let number: Int

  /// Relative to the generated folder: a folder per identity, named by id and name so that two
  /// sources may use the same names.
  var path: String {
    let id = String(line.identity)
    let padded = String(repeating: "0", count: max(0, 5 - id.count)) + id
    return "\(padded)-\(safeName)/\(paddedNumber).png"
  }

  func facts(_ made: CandidateMaker.Made, _ picture: Picture, bytes: [UInt8]) -> ImageFacts {
    var facts = ImageFacts(
      digest: made.marks.file ?? SHA256.hex(of: bytes), byteCount: bytes.count,
      width: picture.width, height: picture.height, format: PictureFormat.png.rawValue,
      crop: made.face?.crop,
      landmarks: made.landmarks,
      faceCount: made.faceCount, sharpness: made.sharpness)
    facts.pixelDigest = made.marks.pixels
    facts.perceptualHash = made.marks.hash
    return facts
  }

  private var paddedNumber: String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }

  /// The identity's name with everything replaced that a file system may refuse.
  private var safeName: String {
    String(
      line.name.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar)
        return isPlain || scalar == "-" || scalar == "_" || scalar == "." ? Character(scalar) : "_"
      })
  }
}
