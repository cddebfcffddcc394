import Domain

/// A map as an Apache Parquet file, for data frames.
public enum MapParquet {
  /// The columns of `MapCSV` in the same order: image (int64), population, identity (may be null), x and
  /// y (double), quarantined (boolean), path, state, new (boolean). Coordinates are not rounded; one that
  /// is not finite is NaN.
  public static func render(_ report: MapReport) -> [UInt8] {
    let points = report.points
    func texts(_ value: (MapPoint) -> String) -> ParquetFile.Column.Values {
      .texts(points.map { Redaction.withoutAbsolutePaths(value($0)) })
    }
    let identities = points.map { $0.identity.map(Redaction.withoutAbsolutePaths) }
    return ParquetFile(
      columns: [
        .init("image", .integers(points.map(\.imageID))),
        .init("population", texts { $0.population.rawValue }),
        .init("identity", .optionalTexts(identities)),
        .init("x", .numbers(points.map { $0.x.isFinite ? $0.x : .nan })),
        .init("y", .numbers(points.map { $0.y.isFinite ? $0.y : .nan })),
        .init("quarantined", .flags(points.map(\.quarantined))),
        .init("path", texts(\.path)), .init("state", texts(\.state.rawValue)),
        .init("new", .flags(points.map(\.isNew))),
      ], createdBy: "d2r-curate"
    ).bytes()
  }
}
