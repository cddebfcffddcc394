import Analysis
import Cataloging
import Cryptography
import Domain
import Files
import Interchange
import LinearAlgebra

/// Groups of people declared for a cohort: a table that names, by path or by identity, who belongs
/// to which group.
struct CohortGroups: Sendable {
  /// Group by image path or identity name.
  let groups: [String: String]
  /// SHA-256, in hex, over the table.
  let digest: String
  let path: String

  /// Most groups that are compared.
  static let most = 200

  /// Reads a CSV with a column `group` and one column more, `path` or `identity`, whose values are
  /// paths of images relative to their indexed folder, or names of identities.
  static func read(_ path: String) throws -> CohortGroups {
    let table = try CSVFile.read(path)
    let keys = table.column("path") ?? table.column("identity")
    let name = Paths.lastComponent(path)
    guard let keys, let values = table.column("group") else {
      throw CurationError(
        .setting, "\(name) has the columns \(table.header.joined(separator: ", "))",
        hint: "give it a column group and a column path or identity")
    }
    var groups: [String: String] = [:]
    for (key, group) in zip(keys, values) where !group.isEmpty {
      if let other = groups.updateValue(group, forKey: key), other != group {
        throw CurationError(
          .setting, "\(name) puts \(key) into the groups \(other) and \(group)",
          hint: "give every path or identity one group")
      }
    }
    guard Set(groups.values).count <= most else {
      throw CurationError(
        .setting,
        "\(name) declares \(Set(groups.values).count) groups, at most \(most) are compared",
        hint: "declare larger groups")
    }
    return CohortGroups(
      groups: groups, digest: SHA256.hex(of: CSVFile.text(table)), path: name)
  }

  /// Rows of `cohort` by group, by name; rows without a group are left out.
  ///
  /// Throws where an identity is in two groups, or nothing of the cohort is in any.
  func rows(
    of cohort: EmbeddedImages, in context: StepContext
  ) async throws -> [(name: String, rows: [Int])] {
    let images = try await context.catalog.images(ImageFilter(includesQuarantined: true))
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    var rows: [String: [Int]] = [:]
    var ofIdentity: [Int64: String] = [:]
    for (row, location) in cohort.locations.enumerated() {
      guard let image = byID[location.image] else { continue }
      guard let group = groups[image.path] ?? image.identityName.flatMap({ groups[$0] }) else {
        continue
      }
      rows[group, default: []].append(row)
      guard let identity = location.identity else { continue }
      if let other = ofIdentity.updateValue(group, forKey: identity), other != group {
        throw CurationError(
          .setting,
          "\(path) puts images of \(image.identityName ?? "\(identity)") into the groups "
            + "\(other) and \(group)",
          hint: "a person's images belong to one group")
      }
    }
    guard !rows.isEmpty else {
      throw CurationError(
        .setting, "no image of the cohort is named in \(path)",
        hint: "name images by their path relative to the indexed folder, or identities by name")
    }
    return rows.sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
  }
}

extension EmbeddedImages {
  /// Compares some rows, all of them by default, with each other.
  func scores(_ rows: [Int]? = nil, threads: Int) throws -> CohortScores {
    let labels = identities.map { $0.map(Int.init) }
    guard let rows else {
      return try ComparisonPairs.cohort(unit, labels: labels, threads: threads)
    }
    return try ComparisonPairs.cohort(
      unit.rows(rows), labels: rows.map { labels[$0] }, threads: threads)
  }
}
