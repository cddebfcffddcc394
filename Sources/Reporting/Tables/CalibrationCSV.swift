/// A calibration's numbers as tables for other programs; RFC 4180.
public enum CalibrationCSV {
  /// The trade-off: similarity, false_match_rate, false_non_match_rate; one record per step of the
  /// curve, by rising similarity. A rate without comparisons is an empty field.
  public static func render(curve report: CalibrationReport) -> String {
    Table(
      columns: ["similarity", "false_match_rate", "false_non_match_rate"],
      rows: report.curve.map { trade in
        [
          .number(trade.similarity, decimals: 9), .number(trade.falseMatchRate, decimals: 12),
          .number(trade.falseNonMatchRate, decimals: 12),
        ]
      }
    ).csv
  }

  /// The operating points, by falling rate; `method` says which were extrapolated.
  public static func render(points report: CalibrationReport) -> String {
    Table(
      columns: [
        "false_match_rate", "similarity", "low", "high", "method", "matches", "rate_low",
        "rate_high", "design_effect", "missed", "false_non_match_rate",
      ],
      rows: report.points.map { point in
        [
          .number(point.falseMatchRate, decimals: 12), .number(point.similarity, decimals: 9),
          .number(point.low, decimals: 9), .number(point.high, decimals: 9),
          .text(point.method), point.matches.map { .count($0) } ?? .missing,
          .optional(point.rateLow, decimals: 12), .optional(point.rateHigh, decimals: 12),
          .number(point.designEffect, decimals: 3), .count(point.missed),
          .optional(point.falseNonMatchRate, decimals: 9),
        ]
      }
    ).csv
  }
}
