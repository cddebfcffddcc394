import Domain

/// A map as a table for other programs.
public enum MapCSV {
  /// RFC 4180 with the columns image, population, identity, x, y, quarantined, path, state, new; one record per
  /// point in the order given, six decimals. A coordinate that is not finite is an empty field.
  public static func render(_ report: MapReport) -> String {
    Table(
      columns: [
        "image", "population", "identity", "x", "y", "quarantined", "path", "state", "new",
      ],
      rows: report.points.map { point in
        [
          .count(point.imageID), .text(point.population.rawValue), .optional(point.identity),
          .number(point.x, decimals: 6), .number(point.y, decimals: 6), .flag(point.quarantined),
          .text(point.path), .text(point.state.rawValue), .flag(point.isNew),
        ]
      }
    ).csv
  }
}
