import Domain
import Glibc
import Imaging
import LinearAlgebra

/// Makes a render look as if a simple camera had taken it: size, light, lens and sensor.
///
/// A stand-in for photographs in demonstrations, and always called that. Seeded: the same render
/// and seed give the same picture.
struct CameraModel: Sendable {
  /// Side of the pictures it takes, in pixels.
  static let side = 128

  private let random: CounterRandom
  private let gains: [Double]
  private let gamma: Double
  private let vignette: Double
  private let noise: Double

  init(seed: UInt64) {
    random = CounterRandom(seed: Seed.derived(from: "camera", parent: seed))
    let random = random
    func draw(_ position: UInt64, _ low: Double, _ high: Double) -> Double {
      low + (high - low) * random.uniform(at: position)
    }
    let exposure = draw(0, 0.85, 1.15)
    gains = [
      exposure * draw(1, 0.96, 1.10), exposure * draw(2, 0.98, 1.02),
      exposure * draw(3, 0.88, 1.04),
    ]
    gamma = draw(4, 0.85, 1.15)
    vignette = draw(5, 0.05, 0.3)
    noise = draw(6, 1.5, 4.5)
  }

  /// The picture the camera takes of `render`.
  func photograph(_ render: Picture) -> Picture {
    let side = Self.side
    let sharp = Resampling.resized(render, to: side, side, filter: .bicubic)
    let soft = Resampling.resized(sharp, to: side * 3 / 4, side * 3 / 4, filter: .box)
    var picture = Resampling.resized(soft, to: side, side, filter: .bilinear)
    let curve = (0..<256).map { pow(Double($0) / 255, gamma) * 255 }
    let centre = Double(side - 1) / 2
    for place in 0..<(side * side) {
      let x = (Double(place % side) - centre) / centre
      let y = (Double(place / side) - centre) / centre
      let shade = 1 - vignette * (x * x + y * y) / 2
      for channel in 0..<3 {
        let index = 3 * place + channel
        let grain = noise * Double(random.gaussian(at: UInt64(16 + index)))
        let level = curve[Int(picture.pixels[index])] * gains[channel] * shade + grain
        picture.pixels[index] = UInt8(min(255, max(0, level.rounded())))
      }
    }
    return picture
  }
}
