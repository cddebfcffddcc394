import Domain
import Foundation
import Reporting
import Testing

/// The page of a map in a real browser, by mouse.
@Suite(.enabled(if: Browser.path != nil, "chromium is not installed"), .serialized)
struct MapBrowserTests {
  static let plotly: [UInt8]? = {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["D2R_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let root = home ?? (environment["HOME"] ?? "/") + "/.local/share/d2r-curate"
    return FileManager.default.contents(atPath: "\(root)/pages/plotly.min.js").map(Array.init)
  }()
  static let needsPlotly: Comment = "needs plotly.js: Scripts/install-pages"

  /// Two groups far apart: digital images 1 to 40 on the left, real ones 41 to 60 on the right.
  private var map: MapReport {
    let points = (0..<60).map { place -> MapPoint in
      let isLeft = place < 40
      var point = MapPoint(
        imageID: place + 1, x: (isLeft ? -50 : 50) + Double(place % 7), y: Double(place % 5) * 4,
        population: isLeft ? .digital : .real, identity: "id-\(place % 4)",
        quarantined: place % 10 == 0, path: "a, b/\(place).png")
      if place % 20 == 5 { point.state = .leak }
      return point
    }
    return MapReport(
      title: "Two groups", points: points, space: "identity", perplexity: 5, iterations: 1,
      klDivergence: 0, sampledFrom: 60, seed: 0)
  }

  private let ready: [Browser.Step] = [
    ["until": "document.querySelector('figure.map')?.dataset.ready === 'true'"],
    ["value": "document.querySelector('figure.map').dataset.engine"],
    [
      "value": """
      document.querySelector('figure.map').addEventListener('map-selection',
        (event) => { window.listed = event.detail; })
      """
    ],
  ]

  /// Around the right half of the stage.
  private let lasso: [Browser.Step] = [
    ["click": ".map-lasso"], ["value": "new Promise((done) => setTimeout(done, 700))"],
    [
      "drag": [
        [660, 330], [1000, 335], [1150, 330], [1150, 700], [900, 710], [660, 700], [660, 340],
      ]
    ],
    ["until": "document.querySelector('.map-selected').textContent !== ''"],
    ["value": "document.querySelector('.map-selected').textContent"],
    ["value": "String(window.listed.sort((a, b) => a - b))"], ["download": ".map-save"],
  ]

  private let ids = (41...60).map(String.init)

  private func expectSelection(_ answers: ArraySlice<String>) {
    let answers = Array(answers)
    #expect(answers[0] == "20 selected")
    #expect(answers[1] == ids.joined(separator: ","))
    let lines = answers[2].components(separatedBy: "\r\n")
    #expect(lines[0] == "image,population,identity,state,path")
    #expect(lines[1] == "41,real,id-0,removed,\"a, b/40.png\"")
    #expect(lines.dropFirst().dropLast().map { $0.prefix(2) } == ids.map { $0[...] })
  }

  @Test func `a lasso on the canvas selects, lists and saves what lies in it`() throws {
    let answers = try Browser.visit(MapHTML.render(map), ready + lasso)
    #expect(answers[0] == "canvas")
    expectSelection(answers.suffix(3))
  }

  @Test(.enabled(if: plotly != nil, needsPlotly))
  func `a lasso on plotly's map selects, lists and saves what lies in it`() throws {
    let page = MapHTML.render(map, plotly: Self.plotly)
    let drawn: Browser.Step = ["value": "document.querySelectorAll('.map-plot canvas').length > 0"]
    let answers = try Browser.visit(page, ready + [drawn] + lasso)
    #expect(answers[0] == "plotly")
    #expect(answers[2] == "1")
    expectSelection(answers.suffix(3))
  }

  /// Points that are not background, counted on the canvas.
  private let inked: Browser.Step = [
    "value": """
    new Promise((done) => {
      const later = (frames, work) =>
        frames ? requestAnimationFrame(() => later(frames - 1, work)) : work();
      later(4, () => {
        const canvas = document.querySelector('figure.map canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let some = 0;
        for (let place = 3; place < data.length; place += 4) some += data[place] > 100;
        done(some);
      });
    })
    """
  ]

  private let count: Browser.Step = [
    "value": "document.querySelector('.map-count').textContent"
  ]

  @Test func `filters hide points by population, state and identity`() throws {
    let choose: Browser.Step = [
      "value": """
      (() => { const list = document.querySelector('.map-identity'); list.value = 1;
        list.dispatchEvent(new Event('change')); })()
      """
    ]
    let answers = try Browser.visit(
      MapHTML.render(map),
      ready + [
        inked, count, ["click": ".keys-list .key:nth-child(2)"], inked, count,
        ["click": ".states-list .key:nth-child(3)"], count, choose, count, inked,
      ])
    let values = Array(answers.dropFirst(2))
    let all = try #require(Int(values[0]))
    let digital = try #require(Int(values[2]))
    let few = try #require(Int(values[7]))
    #expect(values[1] == "60 images" && values[3] == "40 of 60 images")
    #expect(values[4] == "38 of 60 images" && values[6] == "8 of 60 images")
    #expect(all > digital && digital > few && few > 0, "\(all), \(digital), \(few)")
  }

  @Test func `a point says who it is`() throws {
    let place: Browser.Step = [
      "value": """
      (() => { const box = document.querySelector('figure.map canvas').getBoundingClientRect();
        for (let x = box.left + 40; x < box.right; x += 6)
          for (let y = box.top + 30; y < box.bottom; y += 6) {
            document.querySelector('figure.map canvas').dispatchEvent(
              new PointerEvent('pointermove', { clientX: x, clientY: y, pointerId: 9 }));
            const card = document.querySelector('.map-card');
            if (!card.hidden) return card.innerText;
          }
      })()
      """
    ]
    let answers = try Browser.visit(MapHTML.render(map), ready + [place])
    let said = answers.last ?? ""
    #expect(said.contains("id-") && said.contains("digital") && said.contains("image "), "\(said)")
  }

  @Test func `100,000 points are drawn and selected`() throws {
    var sample = Sample(pointCount: 100_000, identityCount: 300, pairCount: 0, pictures: [:])
    let page = MapHTML.render(sample.map())
    #expect(page.utf8.count < 12_000_000)
    let answers = try Browser.visit(page, ready + [inked, count] + lasso.dropLast(2))
    #expect(Int(answers[2]) ?? 0 > 20_000 && answers[3] == "100,000 images")
    #expect(answers.last?.hasSuffix(" selected") == true)
  }

  @Test(.enabled(if: plotly != nil, needsPlotly))
  func `100,000 points are drawn by plotly`() throws {
    var sample = Sample(pointCount: 100_000, identityCount: 300, pairCount: 0, pictures: [:])
    let points: Browser.Step = [
      "value": "document.querySelector('.map-plot').data.reduce((sum, t) => sum + t.x.length, 0)"
    ]
    let answers = try Browser.visit(
      MapHTML.render(sample.map(), plotly: Self.plotly), ready + [count, points])
    #expect(answers[0] == "plotly" && answers[2] == "100,000 images" && answers[3] == "100000")
  }
}
