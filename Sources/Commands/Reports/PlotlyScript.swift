import FaceEncoding
import Files

/// The plotly.js that `Scripts/install-pages` installs.
enum PlotlyScript {
  static let file = "plotly.min.js"

  /// Its text, or nil where it is not installed: `pages/plotly.min.js` in the install folder.
  static func installed(environment: [String: String]) -> [UInt8]? {
    let models = ModelFolder.standard(environment: environment).root
    return try? FileReader.read(Paths.join(Paths.join(Paths.parent(models), "pages"), file))
  }
}
