import Domain
import Foundation
import Imaging
import Reporting
import Testing

struct EmptyTests {
  private let nothing = SummaryReport(
    workspace: "new", findingCount: 0, provenance: Provenance(toolVersion: "1.0.0", seed: 0))

  private let emptyMap = MapReport(
    title: "Empty", points: [], space: "identity", perplexity: 30, iterations: 0, klDivergence: 0,
    sampledFrom: 0, seed: 0)

  @Test func `an empty workspace gives a page that says what is missing`() {
    let page = SummaryHTML.render(nothing)
    for sentence in [
      "No open findings", "Nothing is indexed yet", "Δ has not been estimated yet",
      "No similarities have been measured yet", "No duplicates were found", "No leaks were found",
      "No quotas were set", "every rule that was asked is content",
    ] { #expect(page.contains(sentence), "\(sentence)") }
    #expect(!page.contains("<figure class=\"map\""))
    #expect(!page.contains("id=\"planted\""))
  }

  @Test func `empty tables are their header`() {
    #expect(
      MapCSV.render(emptyMap)
        == "image,population,identity,x,y,quarantined,path,state,new\r\n"
    )
    #expect(TableCSV.render(findings: []) == "severity,rule,subject,message\r\n")
    #expect(TableCSV.render(duplicates: []).hasPrefix("tier,kept_path,"))
    #expect(TableJSON.render(leaks: []) == "[]\n")
  }

  @Test func `a map without points is a frame that says so`() throws {
    let drawing = SVGMap.render(emptyMap)
    try expectWellFormed(drawing)
    #expect(drawing.contains("No images on the map"))
    #expect(MapHTML.render(emptyMap).contains("No images on the map"))
    let picture = PNGMap.picture(emptyMap, width: 400, height: 300)
    #expect(picture.width == 400 && picture.height == 300)
  }

  @Test func `points that are not finite are left out and counted`() throws {
    var map = emptyMap
    map.points = [Double.nan, .infinity, -.infinity, 1e300, 2].map {
      MapPoint(imageID: 1, x: $0, y: 1, population: .digital, path: "a.png")
    }
    map.offset = OffsetArrow(fromX: .nan, fromY: 0, toX: 1, toY: 1)
    let drawing = SVGMap.render(map)
    try expectWellFormed(drawing)
    #expect(drawing.contains("t-SNE of 1 image "))
    #expect(drawing.contains("4 without a place left out"))
    #expect(!drawing.contains("nan") && !drawing.contains("inf"))
    #expect(!MapHTML.render(map).contains("\"arrow\":["))
    #expect(MapCSV.render(map).contains("1,digital,,,1,false,a.png"))
    _ = PNGMap.picture(map, width: 200, height: 150)
  }

  @Test func `one point, and many at one place, are drawn in the middle`() throws {
    for count in [1, 5] {
      var map = emptyMap
      map.points = (0..<count).map {
        MapPoint(imageID: $0, x: 3, y: 4, population: .digital, path: "a.png")
      }
      try expectWellFormed(SVGMap.render(map))
      #expect(SVGMap.render(map).contains("cx=\"480\" cy=\"367\""))
    }
  }

  @Test func `thumbnails that are missing or no pictures are not shown`() {
    var map = emptyMap
    map.thumbnails = [Thumbnail(bytes: []), Thumbnail(bytes: Array("GIF89a".utf8))]
    map.points = [0, 1, 9, -1].map {
      MapPoint(imageID: $0, x: 3, y: 4, population: .digital, thumbnail: $0, path: "a.png")
    }
    let page = MapHTML.render(map)
    #expect(page.contains("\"t\":[-1,-1,-1,-1]"))
    #expect(page.contains("\"thumbnails\":[]"))
  }

  @Test func `equal thumbnails are stored once`() {
    var map = emptyMap
    map.thumbnails = [tinyPNG, tinyPNG, tinyPNG + [9]].map(Thumbnail.init)
    map.points = (0..<3).map {
      MapPoint(imageID: $0, x: Double($0), y: 4, population: .digital, thumbnail: $0, path: "a.png")
    }
    let page = MapHTML.render(map)
    #expect(page.components(separatedBy: "data:image/png").count == 3)
  }

  @Test func `histograms bear empty series, no series and an impossible range`() throws {
    let empty = HistogramSeries(name: "genuine", role: .genuine, counts: [])
    let zero = HistogramSeries(name: "impostor", role: .impostor, counts: [0, 0])
    for (lower, upper) in [(0.0, 1.0), (1, 1), (2, 1), (.nan, 1), (0, .infinity), (-1e308, 1e308)] {
      for series in [[], [empty], [empty, zero]] {
        let histogram = Histogram(
          title: "t", axis: "cosine", unit: "pairs", lower: lower, upper: upper, series: series,
          thresholds: [
            ThresholdMark(value: .nan, label: "n"), ThresholdMark(value: 0.5, label: "h"),
          ])
        let drawing = SVGHistogram.render(histogram)
        try expectWellFormed(drawing)
        #expect(!drawing.contains("nan") && !drawing.contains("inf"), "\(lower)...\(upper)")
      }
    }
  }

  @Test func `quota bars bear no rows and rows of zeros`() throws {
    let zero = QuotaRow(identity: "", wanted: 0, had: 0, accepted: 0, attempts: 0, shortfall: 0)
    #expect(SVGBars.render([], title: "t").contains("No quotas"))
    try expectWellFormed(SVGBars.render([], title: "t"))
    try expectWellFormed(SVGBars.render([zero], title: "t"))
  }
}
