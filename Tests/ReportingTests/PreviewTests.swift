import Domain
import Foundation
import Imaging
import Reporting
import Testing

/// Writes the pages and figures of a large made-up workspace for the eye:
/// `PREVIEW_DIRECTORY=DIR swift test -c release --filter PreviewTests`.
@Suite(.enabled(if: previewDirectory != nil, "set PREVIEW_DIRECTORY to write previews"))
struct PreviewTests {
  @Test func `previews are written for the eye`() throws {
    let directory = URL(fileURLWithPath: try #require(previewDirectory))
    var sample = Sample(
      pointCount: 5000, identityCount: 96, pairCount: 118, pictures: try previewPictures())
    let report = sample.report()
    let map = try #require(report.map)
    try write(SummaryHTML.render(report), "summary.html", directory)
    try write(MapHTML.render(map), "map.html", directory)
    try write(SVGMap.render(map), "map.svg", directory)
    try write(SVGHistogram.render(report.similarities[0]), "histogram.svg", directory)
    try write(
      SVGBars.render(Array(report.quotas.prefix(30)), title: "Quotas"), "bars.svg", directory)
    try Data(PNGMap.render(map)).write(to: directory.appending(path: "map.png"))
  }

  private func write(_ text: String, _ name: String, _ directory: URL) throws {
    try Data(text.utf8).write(to: directory.appending(path: name))
  }

  /// Faces from the shared test data where it is there, small; real people as coarse blocks.
  private func previewPictures() throws -> [Population: [[UInt8]]] {
    let shared = packageRoot.deletingLastPathComponent().appending(path: "shared/data")
    let folders: [(Population, String, Int)] = [
      (.digital, "digital-facesynthetics", 72), (.generated, "generated-sfhq", 72),
      (.real, "real-ffhq", 8), (.reference, "real-ffhq", 8),
    ]
    var result: [Population: [[UInt8]]] = [:]
    for (population, folder, side) in folders {
      let files = try FileManager.default.contentsOfDirectory(
        at: shared.appending(path: folder), includingPropertiesForKeys: nil)
      result[population] = try files.sorted { $0.path < $1.path }.prefix(24).map { file in
        let picture = try PictureDecoder.decode(Array(Data(contentsOf: file))).picture
        return try PictureEncoder.jpeg(
          sampled(picture, side: side, enlarged: 72 / side), quality: 82)
      }
    }
    return result
  }

  /// `picture` as `side` × `side` averages of blocks, each drawn as `enlarged` × `enlarged` pixels.
  private func sampled(_ picture: Picture, side: Int, enlarged: Int) -> Picture {
    let full = side * enlarged
    var pixels: [UInt8] = []
    for row in 0..<full {
      for column in 0..<full {
        for channel in 0..<3 {
          pixels.append(block(picture, column / enlarged, row / enlarged, side, channel))
        }
      }
    }
    return Picture(width: full, height: full, pixels: pixels)
  }

  private func block(_ p: Picture, _ column: Int, _ row: Int, _ side: Int, _ channel: Int) -> UInt8
  {
    let square = min(p.width, p.height)
    let xs =
      (column * square / side)..<max((column + 1) * square / side, column * square / side + 1)
    let ys = (row * square / side)..<max((row + 1) * square / side, row * square / side + 1)
    var sum = 0
    for y in ys { for x in xs { sum += Int(p.pixels[3 * (y * p.width + x) + channel]) } }
    return UInt8(sum / (xs.count * ys.count))
  }
}

private let previewDirectory = ProcessInfo.processInfo.environment["PREVIEW_DIRECTORY"]
