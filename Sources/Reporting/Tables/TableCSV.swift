/// The tables of the summary as RFC 4180 text: CRLF, a header record, columns that do not depend on
/// pictures. Similarities have a column per space, `identity_similarity`, `image_similarity`; a
/// pair without one in a space has an empty field. An empty table is its header.
public enum TableCSV {
  /// One record per pair.
  public static func render(duplicates rows: [DuplicateRow]) -> String {
    SummaryTables.duplicates(rows).csv
  }

  /// One record per leaking image.
  public static func render(leaks rows: [LeakRow]) -> String { SummaryTables.leaks(rows).csv }

  /// One record per identity.
  public static func render(quotas rows: [QuotaRow]) -> String { SummaryTables.quotas(rows).csv }

  /// One record per finding.
  public static func render(findings rows: [AuditFinding]) -> String {
    SummaryTables.findings(rows).csv
  }
}

/// The same tables as JSON: an array with one object per row, keys as in the CSV header, `null`
/// where the CSV field is empty for want of a value.
public enum TableJSON {
  /// One object per pair.
  public static func render(duplicates rows: [DuplicateRow]) -> String {
    SummaryTables.duplicates(rows).json
  }

  /// One object per leaking image.
  public static func render(leaks rows: [LeakRow]) -> String { SummaryTables.leaks(rows).json }

  /// One object per identity.
  public static func render(quotas rows: [QuotaRow]) -> String { SummaryTables.quotas(rows).json }

  /// One object per finding.
  public static func render(findings rows: [AuditFinding]) -> String {
    SummaryTables.findings(rows).json
  }
}
