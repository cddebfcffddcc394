internal import Domain
internal import SQLite

/// Says of each of many images whether a filter takes it.
///
/// Which images are current, and which are in quarantine, is read once for all of them: asking for each
/// would take most of the time of reading a million.
struct ImageChoice {
  /// By source, for those whose images are taken.
  private let populations: [Int64: Population]
  /// By image id: whether it is taken as far as being current and quarantine go, and whether it is in
  /// quarantine.
  private let isTaken: [Bool]
  private let isAside: [Bool]

  init(_ filter: ImageFilter, in database: Database) throws {
    let sources = try database.rows("SELECT id, population FROM source") { row in
      (id: row.integer(0), population: try row.word(1) as Population)
    }
    populations = Dictionary(
      uniqueKeysWithValues: sources.filter { source in
        filter.populations.contains(source.population)
          && (filter.source.map { $0 == source.id } ?? true)
      }.map { ($0.id, $0.population) })
    let last = try database.first("SELECT coalesce(max(id), 0) FROM image") { $0.int(0) } ?? 0
    func marks(_ sql: String) throws -> [Bool] {
      var marks = [Bool](repeating: false, count: last + 1)
      try database.forEachRow(sql) { row in
        let image = row.int(0)
        if marks.indices.contains(image) { marks[image] = true }
      }
      return marks
    }
    isAside = try marks("SELECT image FROM quarantined")
    var isTaken = try marks(
      filter.includesOutdated
        ? "SELECT id FROM image" : "SELECT image FROM outcome WHERE outcome = 'indexed'")
    if !filter.includesQuarantined {
      for image in isAside.indices where isAside[image] { isTaken[image] = false }
    }
    self.isTaken = isTaken
  }

  func isQuarantined(_ image: Int64) -> Bool { isAside[Int(image)] }

  /// The population of an image; nil where the filter does not take it.
  func population(of image: Int64, source: Int64) -> Population? {
    isTaken[Int(image)] ? populations[source] : nil
  }
}
