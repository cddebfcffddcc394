import Cataloging
import Domain
import Interchange
import Reporting

/// A demonstration's answer key: what was planted among the digital pictures.
///
/// A CSV with the columns `kind` (duplicate, leak, short), `path` (relative to the digital folder,
/// or an identity's name) and `note`.
struct PlantedKey {
  let path: String

  /// Planted against found, one row per kind of plant.
  func compare(
    images: [ImageRecord], duplicates: [PairRecord], leaks: [PairRecord], quotas: [QuotaRow]
  ) throws -> [PlantedRow] {
    let table = try CSVFile.read(path)
    guard let kinds = table.column("kind"), let paths = table.column("path"),
      let notes = table.column("note")
    else { return [] }
    let digital = Dictionary(
      images.filter { $0.population == .digital }.map { ($0.id, $0.path) },
      uniquingKeysWith: { first, _ in first })
    var rows: [PlantedRow] = []
    for (kind, title, pairs) in [
      ("duplicate", "duplicates", duplicates), ("leak", "leaks", leaks),
    ] {
      let planted = kinds.indices.filter { kinds[$0] == kind }
      // Pairs that a person should look at are no claims.
      let decided = pairs.filter { $0.verdict == DecisionAction.quarantine.rawValue }
      let listed = Set(pairs.map(\.removed).compactMap { digital[$0] })
      let found = Set(
        decided.flatMap { kind == "leak" ? [$0.removed] : [$0.removed, $0.kept] }
          .compactMap { digital[$0] })
      let removed = Set(decided.compactMap { digital[$0.removed] })
      let hits = planted.filter { found.contains(paths[$0]) }
      let known = Set(planted.map { paths[$0] })
      // A planted copy may be kept and its original removed: that removal was planted too.
      let extra =
        kind == "leak" ? removed.subtracting(known).count : max(0, removed.count - hits.count)
      let missed = planted.filter { !found.contains(paths[$0]) }.map { plant in
        notes[plant] + (listed.contains(paths[plant]) ? " (listed for review)" : "")
      }
      rows.append(
        PlantedRow(
          name: title, planted: planted.count, found: hits.count, extra: extra,
          note: missed.isEmpty ? "" : "not decided: \(missed.joined(separator: ", "))"))
    }
    let short = kinds.indices.filter { kinds[$0] == "short" }.map { paths[$0] }
    let filled = quotas.filter { short.contains($0.identity) && $0.shortfall == 0 }
    rows.append(
      PlantedRow(
        name: "short identities", planted: short.count,
        found: quotas.count { short.contains($0.identity) && $0.had < $0.wanted }, extra: 0,
        note: "\(filled.count) of them filled"))
    return rows
  }
}
