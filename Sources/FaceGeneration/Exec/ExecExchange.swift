internal import Domain
internal import Files
internal import Imaging

/// The files of one request, in a folder of their own that goes away with it.
final class ExecExchange {
  /// Most bytes of a picture's file.
  static let largestFile = 64 << 20
  static let limits = DecodeLimits(maximumPixels: 16_777_216, maximumBytes: largestFile)

  private let folder: TemporaryFolder
  let vectorsPath: String
  let outputPath: String

  /// Writes the vectors.
  init(_ vectors: Vectors) throws {
    folder = try TemporaryFolder()
    vectorsPath = Paths.absolute(folder("vectors.npy"))
    outputPath = Paths.absolute(folder("pictures"))
    try FileSystem.makeFolder(outputPath)
    try AtomicFile.write(Self.numpy(vectors), to: vectorsPath)
  }

  /// The picture in a file of the output folder, or why there is none. Links are not followed.
  func picture(_ name: String) -> GeneratedPicture {
    do {
      let bytes = try FileReader.readOwn(Paths.join(outputPath, name), limit: Self.largestFile)
      return .picture(try PictureDecoder.decode(bytes, limits: Self.limits).picture)
    } catch {
      let message = ((error as? any ExplainedError)?.message ?? "\(error)")
        .replacing(outputPath + "/", with: "")
      return .none(reason: "unreadable picture \(name): \(message)")
    }
  }

  /// NumPy's format, version 1.0: float32, little endian, row-major.
  private static func numpy(_ vectors: Vectors) -> [UInt8] {
    let shape = "(\(vectors.count), \(vectors.width))"
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
    // Numbers start at a multiple of 64 bytes; ten of them come before the text.
    text += String(repeating: " ", count: (64 - (text.utf8.count + 11) % 64) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    bytes += Array(text.utf8)
    for value in vectors.values {
      let bits = value.bitPattern
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
      }
    }
    return bytes
  }
}
