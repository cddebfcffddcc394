import Cataloging
import Curation
import Domain
import Files
import Interchange
import Reporting

/// The queue as a page and as a table.
struct ReviewFiles: Sendable {
  /// Longest side of the pictures, in pixels.
  static let side = 176

  let page: String
  let table: CSVTable

  init(_ items: [ReviewQueue.Item], showsReal: Bool, in context: StepContext) async throws {
    let sources = try await context.catalog.sources()
    var thumbnails = ThumbnailMaker(
      roots: Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0.root) }),
      showsReal: showsReal)
    thumbnails.side = Self.side
    let maker = thumbnails
    page = ReviewHTML.render(
      ReviewReport(
        workspace: context.workspace.settings.name, pairs: items.map { Self.pair($0, maker) }))
    table = CSVTable(
      header: [
        "pair", "answer", "note", "kind", "tier", "removed", "kept", "identity_similarity",
        "picture_similarity", "space", "threshold", "fmr",
      ], rows: items.map(Self.row))
  }

  /// Writes `review.html` and `review.csv`; each is there whole or not at all.
  func write(to folder: String) throws {
    try FileSystem.makeFolder(folder)
    try AtomicFile.write(text: page, to: Paths.join(folder, "review.html"))
    try CSVFile.write(table, to: Paths.join(folder, "review.csv"))
  }

  private static func pair(_ item: ReviewQueue.Item, _ thumbnails: ThumbnailMaker) -> ReviewPair {
    func reference(_ image: ImageRecord) -> ImageReference {
      ImageReference(
        path: image.path, population: image.population, identity: image.identityName,
        tile: thumbnails.tile(image))
    }
    var pair = ReviewPair(
      key: item.key,
      question: item.pair.kind == .duplicate ? "same picture?" : "same person?",
      tier: item.pair.tier, removed: reference(item.removed), kept: reference(item.kept))
    pair.similarities = [
      ("identity", item.pair.identitySimilarity), ("picture", item.pair.imageSimilarity),
    ].compactMap { name, value in value.map { SpaceSimilarity(space: name, similarity: $0) } }
    pair.mirrored = item.pair.isMirrored
    pair.threshold = item.threshold?.text ?? ""
    pair.isUnsure = item.answer != nil
    return pair
  }

  private static func row(_ item: ReviewQueue.Item) -> [String] {
    func text(_ value: CosineSimilarity?) -> String { value.map { "\($0.value)" } ?? "" }
    return [
      item.key, "", "", item.pair.kind.rawValue, item.pair.tier, item.removed.shownPath,
      item.kept.shownPath, text(item.pair.identitySimilarity), text(item.pair.imageSimilarity),
      item.threshold?.space ?? "", item.threshold.map { "\($0.similarityAtLeast)" } ?? "",
      item.threshold?.falseMatchRate.map { "\($0)" } ?? "",
    ]
  }
}
