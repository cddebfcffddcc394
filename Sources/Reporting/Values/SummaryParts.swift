/// One number a reader should see first.
public struct KeyNumber: Hashable, Codable, Sendable {
  public var label: String
  /// Already formatted, e.g. `1,204` or `0.31`.
  public var value: String
  /// A few words under the number; may be empty.
  public var note: String

  public init(label: String, value: String, note: String = "") {
    self.label = label
    self.value = value
    self.note = note
  }
}

/// Something that was planted on purpose, and whether it was found.
public struct PlantedRow: Hashable, Codable, Sendable {
  /// What was planted, a plural noun: `exact duplicates`.
  public var name: String
  public var planted: Int
  /// Planted ones that were found.
  public var found: Int
  /// Findings of this kind that nobody planted.
  public var extra: Int
  /// A remark; may be empty.
  public var note: String

  public init(name: String, planted: Int, found: Int, extra: Int, note: String = "") {
    self.name = name
    self.planted = planted
    self.found = found
    self.extra = extra
    self.note = note
  }
}

/// A name and what it stands for.
public struct NamedValue: Hashable, Codable, Sendable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Everything needed to repeat the report.
public struct Provenance: Hashable, Codable, Sendable {
  public var toolVersion: String
  public var seed: UInt64
  /// Encoders, catalogs and inputs by digest, in hex.
  public var digests: [NamedValue]
  public var parameters: [NamedValue]

  public init(
    toolVersion: String, seed: UInt64, digests: [NamedValue] = [], parameters: [NamedValue] = []
  ) {
    self.toolVersion = toolVersion
    self.seed = seed
    self.digests = digests
    self.parameters = parameters
  }
}
