import Analysis
import Arguments

/// How a report is made.
struct ReportOptions: Sendable {
  /// Shows pictures of real people instead of hiding them.
  var showsReal = false
  /// A demonstration's answer key.
  var planted: String?
  /// Most images on a map; a larger set is sampled.
  var sample = 3000
  /// The space of the map.
  var space = "identity"
  /// How the map is laid out; the seed is the context's.
  var layout = TSNEOptions()
  /// The share of the nearest neighbours that a map's layout finds, on a sample; 1 finds all.
  var neighbourShare = 0.99
  /// A folder with a map that new images are placed on.
  var onto: String?
  /// Measures how faithful the map is.
  var measuresMap = false

  /// Gradient steps after which a layout that is to converge stops all the same.
  static let convergenceLimit = 5000

  static let showReal = OptionSpec(
    flag: "--show-real", help: "show pictures of real people; they are hidden otherwise")
  static let open = OptionSpec(flag: "--open", help: "open the page when it is written")

  init(showsReal: Bool = false, planted: String? = nil) {
    self.showsReal = showsReal
    self.planted = planted
  }
}
