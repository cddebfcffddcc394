internal import Domain
internal import Imaging
internal import OpenInference

/// Reads the pictures out of a server's answer.
struct RemotePictures {
  let description: RemoteDescription
  let server: String

  /// One answer per picture. What is wrong with one picture is its own answer.
  ///
  /// - Throws: `networkUnfit`, naming both, where type or shape are not as described.
  func read(_ tensor: WireTensor?, count: Int) throws -> [GeneratedPicture] {
    let (height, width) = (description.height, description.width)
    guard let tensor else { throw unfit("nothing", count) }
    switch tensor.values {
    case .uint8(let pixels) where tensor.shape == [count, height, width, 3]:
      let length = 3 * height * width
      return (0..<count).map { place in
        let own = Array(pixels[place * length..<(place + 1) * length])
        return .picture(Picture(width: width, height: height, pixels: own))
      }
    case .float32, .float16:
      guard tensor.shape == [count, 3, height, width], let floats = tensor.values.floats,
        let range = description.range
      else { throw unfit(tensor.text, count) }
      let pictures = ColourPlanes(
        values: floats, width: description.width, height: description.height, range: range)
      return (0..<count).map { pictures.picture($0, from: server) }
    case .bytes(let files) where tensor.shape == [count] || tensor.shape == [count, 1]:
      return files.map(decoded)
    default: throw unfit(tensor.text, count)
    }
  }

  private func decoded(_ file: [UInt8]) -> GeneratedPicture {
    do {
      let picture = try PictureDecoder.decode(file).picture
      guard picture.width == description.width, picture.height == description.height else {
        return .none(
          reason: """
            \(server) gave a picture of \(picture.width)x\(picture.height) instead of \
            \(description.width)x\(description.height)
            """)
      }
      return .picture(picture)
    } catch {
      return .none(reason: "\(server) gave no picture: \(error.message)")
    }
  }

  private func unfit(_ found: String, _ count: Int) -> GenerationError {
    let (height, width) = (description.height, description.width)
    return GenerationError(
      .networkUnfit,
      """
      \(server) answered \(found) instead of UINT8 [\(count), \(height), \(width), 3], \
      FP32 [\(count), 3, \(height), \(width)]\(description.range == nil ? " with a range" : "") \
      or BYTES [\(count)]
      """, hint: "correct the manifest of \(description.name), or what the server serves")
  }
}
