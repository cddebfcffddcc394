/// Vectors that are compared come from one encoder.
struct OneEncoderPerSpace: AuditRule {
  static let name = "one-encoder-per-space"
  static let question = "Do all vectors of a space come from one encoder?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    let digests = Dictionary(grouping: dataset.spaces.filter { $0.embedded > 0 }, by: \.name)
      .mapValues { Set($0.map(\.encoderDigest)).sorted() }
    return digests.keys.sorted().compactMap { name in
      let found = digests[name, default: []]
      guard found.count > 1 else { return nil }
      let short = found.map { String($0.prefix(12)) }.joined(separator: ", ")
      return finding(.failure, name, "vectors of \(found.count) encoders are mixed: \(short)")
    }
  }
}
