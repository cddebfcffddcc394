import Domain

/// What moves along Δ as tables for other programs; RFC 4180.
public enum DeltaCSV {
  /// Every image by rising projection: image (its id), population, identity, path, projection.
  public static func render(images section: DeltaSection) -> String {
    Table(
      columns: ["image", "population", "identity", "path", "projection"],
      rows: section.images.map { image in
        [
          .count(Int(image.record)), .text(image.image.population.rawValue),
          image.image.identity.map { .text($0) } ?? .missing, .text(image.image.path),
          .number(image.score, decimals: 6),
        ]
      }
    ).csv
  }

  /// Length of Δ by position of the prompt.
  public static func render(tokens section: DeltaSection) -> String {
    Table(
      columns: ["position", "norm"],
      rows: section.tokenNorms.enumerated().map { position, norm in
        [.count(position), .number(norm, decimals: 9)]
      }
    ).csv
  }
}
