import Domain
import FaceEncoding
import Files
import FoundationEssentials
import Imaging
import Inference
import Testing

/// Prints what the chain of detector, alignment and encoder is worth on labelled pictures, and how
/// fast its parts are on one thread. Slow, so it runs only when asked:
/// `D2R_MEASURE=1 swift test -c release --filter WildFacesMeasurement`.
@Suite(
  .serialized, .enabled(if: Installed.hasShared, Installed.sharedAdvice),
  .enabled(if: ProcessInfo.processInfo.environment["D2R_MEASURE"] != nil, "set D2R_MEASURE=1"))
struct WildFacesMeasurement {
  private struct Labelled {
    var identity: String
    var picture: Picture
  }

  private func pictures() throws -> [Labelled] {
    let table = try FileReader.readText("\(Installed.shared)/data/real-labelled.csv")
    return try table.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return Labelled(
        identity: String(fields[1]), picture: try Installed.picture("data/\(fields[0])"))
    }
  }

  @Test func `genuine pairs accepted at a false-match rate`() throws {
    let pictures = try pictures()
    for (name, detector) in try Installed.detectors() {
      let chain = FaceChain(locator: detector, policy: .detect)
      var faces: [(String, Face)] = []
      let seconds = try ContinuousClock().measure {
        for entry in pictures {
          if let face = try chain.face(in: entry.picture).face {
            faces.append((entry.identity, face))
          }
        }
      }
      print(
        "\(name): \(pictures.count - faces.count) of \(pictures.count) without a face,",
        "\(Self.rate(pictures.count, seconds)) pictures/s")
      for (encoder, model) in [
        ("dlib", try Installed.dlib()), ("MobileFaceNet", try Installed.mobileFaceNet()),
      ] {
        try report("\(name) + \(encoder)", model, faces)
      }
    }
  }

  private func report(_ title: String, _ model: InstalledModel, _ faces: [(String, Face)]) throws {
    let encoder = try OnnxEncoder(model, runtime: #require(Installed.runtime))
    let vectors = try encoder.embed(faces.map(\.1))
    let units = (0..<vectors.count).map { row -> [Float] in
      let norm = vectors[row: row].reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vectors[row: row].map { $0 / norm }
    }
    var (genuine, impostor): ([Float], [Float]) = ([], [])
    for i in units.indices {
      for j in 0..<i {
        var cosine: Float = 0
        for k in units[i].indices { cosine += units[i][k] * units[j][k] }
        if faces[i].0 == faces[j].0 { genuine.append(cosine) } else { impostor.append(cosine) }
      }
    }
    impostor.sort(by: >)
    let cells = [1e-2, 1e-3, 1e-4].map { rate -> String in
      let floor = impostor[Int(rate * Double(impostor.count))]
      let accepted = genuine.count { $0 >= floor }
      return "\(rate): at \(Self.text(Double(floor)))"
        + " accepted \(Self.text(Double(accepted) / Double(genuine.count)))"
    }
    print(
      title, "genuine", genuine.count, "impostor", impostor.count, cells.joined(separator: "; "))
  }

  @Test func `pictures per second on one thread`() throws {
    let faces = try pictures().prefix(200).map {
      Face(picture: $0.picture, crop: .assumed, landmarks: nil)
    }
    for (name, model) in [
      ("dlib", try Installed.dlib()), ("MobileFaceNet", try Installed.mobileFaceNet()),
      ("EfficientNet-Lite0", try Installed.efficientNet()),
    ] {
      let encoder = try OnnxEncoder(model, runtime: #require(Installed.runtime))
      _ = try encoder.embed(Array(faces.prefix(8)))
      let seconds = try ContinuousClock().measure { _ = try encoder.embed(Array(faces)) }
      print("\(name): \(Self.rate(faces.count, seconds)) pictures/s, cropping included")
      let cropping = ContinuousClock().measure {
        for face in faces { _ = encoder.pixelValues(of: face) }
      }
      print("  its cropping and scaling alone: \(Self.rate(faces.count, cropping)) pictures/s")
      let input = model.manifest.input
      let cropper = FaceCropper(
        input.alignment ?? .whole, width: input.width ?? 1, height: input.height ?? 1)
      let warping = ContinuousClock().measure { for face in faces { _ = cropper.crop(face) } }
      print("  its cropping alone: \(Self.rate(faces.count, warping)) pictures/s")
    }
    let seconds = ContinuousClock().measure { _ = AlignedThumbnail().embed(Array(faces)) }
    print("pixel thumbnails: \(Self.rate(faces.count, seconds)) pictures/s")
  }

  private static func rate(_ count: Int, _ duration: Duration) -> Int {
    Int(Double(count) / (duration / .seconds(1)))
  }

  private static func text(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
  }
}
