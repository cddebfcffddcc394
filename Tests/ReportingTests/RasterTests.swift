import Domain
import Imaging
import Reporting
import Testing

struct RasterTests {
  private func map(_ points: [(Double, Double, Population, Bool)]) -> MapReport {
    MapReport(
      title: "Map",
      points: points.map {
        MapPoint(
          imageID: 1, x: $0.0, y: $0.1, population: $0.2, quarantined: $0.3, path: "a.png")
      }, space: "identity", perplexity: 5, iterations: 10, klDivergence: 1, sampledFrom: 2, seed: 1)
  }

  private func colour(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    Array(picture.pixels[3 * (y * picture.width + x)..<3 * (y * picture.width + x) + 3])
  }

  @Test func `the PNG has the size asked for and holds the drawn pixels`() throws {
    let report = map([(0, 0, .digital, false)])
    let bytes = try PNGMap.render(report)
    let picture = try PictureDecoder.decode(bytes).picture
    #expect(picture.width == 1600 && picture.height == 1200)
    #expect(picture == PNGMap.picture(report, width: 1600, height: 1200))
  }

  @Test func `a point is drawn where it lies, in its population's colour`() {
    let picture = PNGMap.picture(map([(0, 0, .digital, false)]), width: 1200, height: 900)
    let middle = colour(picture, 600, 466)
    #expect(middle[2] > 150 && middle[0] < 90, "\(middle)")
    #expect(colour(picture, 700, 466) == [0xFC, 0xFB, 0xF8])
  }

  @Test func `a quarantined point is hollow`() {
    let picture = PNGMap.picture(map([(0, 0, .digital, true)]), width: 1600, height: 1200)
    #expect(colour(picture, 800, 621) == [0xFC, 0xFB, 0xF8])
    #expect(colour(picture, 800 + 7, 621)[0] < 120)
  }

  @Test func `up is up`() {
    let picture = PNGMap.picture(
      map([(0, 0, .digital, false), (0, 10, .real, false)]), width: 1200, height: 900)
    let reds = (100..<820).filter {
      colour(picture, 600, $0)[0] > 190 && colour(picture, 600, $0)[2] < 120
    }
    let blues = (100..<820).filter {
      colour(picture, 600, $0)[2] > 150 && colour(picture, 600, $0)[0] < 90
    }
    #expect(!reds.isEmpty && !blues.isEmpty)
    #expect((reds.max() ?? 0) < (blues.min() ?? 0))
  }

  @Test func `any size and any text are drawn`() {
    var report = map([(0, 0, .digital, false), (3, 1, .reference, true)])
    report.title = String(repeating: "Ünïcode 名 🙂 /home/kim/x ", count: 30)
    report.offset = OffsetArrow(fromX: 1, fromY: 1, toX: 1, toY: 1)
    for (width, height) in [(64, 64), (65, 400), (700, 70)] {
      let picture = PNGMap.picture(report, width: width, height: height)
      #expect(picture.pixels.count == 3 * width * height)
    }
  }
}
