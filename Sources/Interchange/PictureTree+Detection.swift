extension PictureTree {
  /// See `LayoutReader.detect`.
  func likelyLayout() throws(InterchangeError) -> DatasetLayout {
    if pictures.isEmpty { throw nothing(as: nil, problems) }
    if looksLikeFFHQ { return .ffhq }
    if looksLikeDigiFace { return .digiface }
    let counts = counts
    if counts.nested == 0 && counts.deeper == 0 { return .flat }
    // Up to one stray picture in twenty is left out with a reason; more than that is a question.
    if 20 * (counts.loose + counts.deeper) <= counts.nested { return .identityFolders }
    throw unclear(counts)
  }

  private var looksLikeFFHQ: Bool {
    let known = Set(FFHQPart.allCases.map(\.rawValue))
    if pictures.allSatisfy({ known.contains($0.top) }) { return true }
    if FFHQMetadata.path(for: root) != nil, pictures.contains(where: { $0.ffhq != nil }) {
      return true
    }
    return pictures.allSatisfy { $0.ffhq != nil && $0.depth <= 2 }
  }

  private var looksLikeDigiFace: Bool {
    pictures.allSatisfy { $0.digiface != nil }
  }

  private func unclear(
    _ counts: (loose: Int, nested: Int, deeper: Int)
  ) -> InterchangeError {
    let places = [
      counts.loose > 0 ? "\(counts.loose) in the folder itself" : nil,
      counts.nested > 0 ? "\(counts.nested) one folder down" : nil,
      counts.deeper > 0 ? "\(counts.deeper) deeper" : nil,
    ]
    return InterchangeError(
      code: .unclearLayout,
      message: "the layout of \(root) is not clear: of \(pictures.count) pictures there are "
        + places.compactMap { $0 }.joined(separator: ", "),
      hint: "name the folder whose folders are the identities, or say --layout flat or "
        + "--layout identity-folders")
  }
}
