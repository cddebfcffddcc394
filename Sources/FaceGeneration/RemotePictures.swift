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
      return (0..<count).map { picture(floats, at: $0, range) }
    case .bytes(let files) where tensor.shape == [count] || tensor.shape == [count, 1]:
      return files.map(decoded)
    default: throw unfit(tensor.text, count)
    }
  }

  /// round(255 · clamp((x − black) / (white − black), 0, 1)), planes to interleaved pixels.
  private func picture(
    _ planes: [Float], at index: Int, _ range: ClosedRange<Float>
  ) -> GeneratedPicture {
    let area = description.width * description.height
    let black = range.lowerBound
    let scale = 255 / (range.upperBound - black)
    var pixels = [UInt8](repeating: 0, count: 3 * area)
    for channel in 0..<3 {
      let plane = (3 * index + channel) * area
      for pixel in 0..<area {
        let level = (planes[plane + pixel] - black) * scale
        guard level.isFinite else {
          return .none(reason: "\(server) gave a value that is not finite")
        }
        pixels[3 * pixel + channel] = UInt8(min(max(level, 0), 255).rounded())
      }
    }
    return .picture(
      Picture(width: description.width, height: description.height, pixels: pixels))
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
