import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Writes the Δ in force to a file, and takes one in.
public struct DeltaExchange: Sendable {
  let path: String

  /// - Parameter path: ends in `.npy` or `.safetensors`.
  public init(path: String) throws {
    guard path.hasSuffix(".npy") || path.hasSuffix(".safetensors") else {
      throw CurationError(
        .setting, "\(path) ends neither in .npy nor in .safetensors",
        hint: "name the file after the format it is to have")
    }
    self.path = path
  }

  /// Writes the Δ in force: of the space named, else the one estimated last.
  public func write(space name: String?, in context: StepContext) async throws -> StepReport {
    let record = try await context.recordedOffset(space: name)
    let statistics = try JSONValue(parsing: record.statistics)
    let shape = (statistics["shape"]?.arrayValue ?? []).compactMap(\.intValue)
    let digest = OffsetFile.digest(of: record.vector)
    var metadata = [
      "format": OffsetFile.format, "space": record.space.name, "width": "\(record.space.width)",
      "encoder_digest": record.space.encoderDigest, "from": record.from.rawValue,
      "to": record.to.rawValue, "d2r_version": context.toolVersion, "sha256": digest,
      "statistics": record.statistics,
    ]
    for side in ["from", "to"] {
      for key in ["images", "identities"] {
        metadata["\(side)_\(key)"] = statistics[side]?[key]?.intValue.map(String.init)
      }
    }
    metadata["split_half_cosine"] = statistics["splitHalfCosine"]?.doubleValue.map { "\($0)" }
    try OffsetFile(
      values: record.vector, shape: shape.isEmpty ? [record.vector.count] : shape,
      metadata: metadata
    ).write(to: path)
    return StepReport(
      "delta export", wasDone: false,
      lines: ["Δ of space \(record.space.name), \(record.vector.count) values, to \(path)"],
      document: [
        "file": .string(path), "space": .string(record.space.name),
        "width": .int(record.vector.count), "sha256": .string(digest),
      ])
  }

  /// Takes a Δ in, which is in force from then on.
  ///
  /// - Parameters:
  ///   - spaces: spaces that hold no vectors here but are computed from others.
  ///   - acceptsUnstable: takes one whose halves disagree, too.
  /// - Throws: `.badVectors` for a file that is no Δ or was changed, `.otherEncoder` where it belongs to
  ///   another space than the workspace's, `.unstable` where its halves disagree.
  public func read(
    spaces: [Space], acceptsUnstable: Bool, in context: StepContext
  ) async throws -> StepReport {
    let file = try OffsetFile.read(path)
    let space = try await space(of: file, among: spaces, in: context)
    guard let from = file.metadata["from"].flatMap(Population.init),
      let to = file.metadata["to"].flatMap(Population.init),
      var summary = try? JSONValue(parsing: file.metadata["statistics"] ?? "")
    else {
      throw CurationError(
        .badVectors, "\(path) does not say which populations its Δ goes between",
        hint: "write it anew with: d2r-curate delta export FILE")
    }
    if !acceptsUnstable, let remark = DeltaSummary.instability(summary) {
      throw CurationError(
        .unstable, "the Δ in \(path) is not stable: \(remark.what)",
        hint: "take it as it is with: d2r-curate delta import \(path) --accept-unstable")
    }
    let digest = OffsetFile.digest(of: file.values)
    summary["imported"] = .string(digest)
    let provenance = Provenance(
      DeltaStep.name, in: context, parameters: ["imported": .string(digest)],
      inputs: [digest, summary.compact])
    let wasDone = try await context.done(provenance) != nil
    if !wasDone {
      let record = OffsetRecord(
        space: space, from: from, to: to, vector: file.values, statistics: summary.compact)
      try await context.catalog.commit(record, of: provenance.step(summary: summary))
    }
    return StepReport(
      "delta import", wasDone: wasDone, lines: DeltaSummary.lines(summary), document: summary)
  }

  private func space(
    of file: OffsetFile, among spaces: [Space], in context: StepContext
  ) async throws -> Space {
    let name = file.metadata["space"] ?? ""
    let found = spaces.first { $0.name == name }
    let own = if let found { found } else { try await context.space(named: name) }
    guard file.values.count == own.width else {
      throw CurationError(
        .otherEncoder,
        "the Δ in \(path) has \(file.values.count) values, space \(name) has \(own.width)",
        hint: "import a Δ that was estimated with the encoder of this workspace")
    }
    guard file.metadata["encoder_digest"] == own.encoderDigest else {
      throw CurationError(
        .otherEncoder,
        """
        the Δ in \(path) is of encoder \((file.metadata["encoder_digest"] ?? "-").prefix(12)), space \
        \(name) of this workspace of \(own.encoderDigest.prefix(12))
        """,
        hint: "import a Δ that was estimated with the encoder of this workspace")
    }
    return own
  }
}

extension StepContext {
  /// The Δ in force in a space, or the one in force at all.
  func recordedOffset(space name: String?) async throws -> OffsetRecord {
    var found: OffsetRecord?
    if let name {
      for space in try await catalog.spaces() where space.name == name {
        found = try await catalog.latestOffset(in: space) ?? found
      }
    } else if let step = try await catalog.latestStep(named: DeltaStep.name) {
      found = try await catalog.offset(step: step.key)
    }
    guard let found else {
      throw CurationError(
        .missingInput, "no Δ is on record\(name.map { " in space \($0)" } ?? "")",
        hint: "estimate it with: d2r-curate delta")
    }
    return found
  }
}
