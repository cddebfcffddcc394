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
  var perplexity = 30.0
  var iterations = 750

  static let showReal = OptionSpec(
    flag: "--show-real", help: "show pictures of real people; they are hidden otherwise")
  static let open = OptionSpec(flag: "--open", help: "open the page when it is written")

  init(showsReal: Bool = false, planted: String? = nil) {
    self.showsReal = showsReal
    self.planted = planted
  }
}
