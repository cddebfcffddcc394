public import Cataloging
import Files

/// Finds images by what a person types: a number, a path, or a population and a path.
public struct ImageLookup: Sendable {
  private let images: [ImageRecord]
  private let roots: [Int64: String]

  public init(in catalog: Catalog) async throws {
    images = try await catalog.images(
      ImageFilter(includesQuarantined: true, includesOutdated: true))
    roots = Dictionary(
      uniqueKeysWithValues: try await catalog.sources().map { ($0.id, $0.root) })
  }

  /// The image called `name`: its number, `population/path`, the path below an indexed folder, or
  /// the path of the file itself. Of several versions of one file the current one, else the latest.
  /// - Throws: `CurationError` where there is none, or several files fit.
  public func image(_ name: String) throws(CurationError) -> ImageRecord {
    try image(name, named: images.filter { $0.shownPath == name || $0.path == name })
  }

  /// The images called `names`, in that order.
  /// - Throws: `CurationError` as for one, at the first that cannot be found.
  public func images(_ names: [String]) throws(CurationError) -> [ImageRecord] {
    var byName: [String: [ImageRecord]] = [:]
    for image in images {
      byName[image.path, default: []].append(image)
      byName[image.shownPath, default: []].append(image)
    }
    var found: [ImageRecord] = []
    for name in names { found.append(try image(name, named: byName[name] ?? [])) }
    return found
  }

  private func image(
    _ name: String, named: [ImageRecord]
  ) throws(CurationError) -> ImageRecord {
    if let id = Int64(name), let found = image(id: id) { return found }
    let file = Paths.absolute(name)
    let fitting =
      named.isEmpty
      ? images.filter { image in
        roots[image.source].map { Paths.join($0, image.path) == file } ?? false
      } : named
    let places = Set(fitting.map { "\($0.source) \($0.path)" })
    guard places.count < 2 else {
      let shown = fitting.prefix(3).map { "\($0.shownPath) (\($0.id))" }.joined(separator: ", ")
      throw CurationError(
        .missingInput, "\(places.count) images are called \(name): \(shown)",
        hint: "name the one you mean by its number")
    }
    guard let found = fitting.last(where: \.isCurrent) ?? fitting.last else {
      throw CurationError(
        .missingInput, "the catalog has no image \(name)",
        hint: "name it by its number, its path below the indexed folder, or population/path")
    }
    return found
  }

  /// The image with this number.
  public func image(id: Int64) -> ImageRecord? {
    // Images are never deleted, and listed by number.
    var (low, high) = (0, images.count)
    while low < high {
      let middle = (low + high) / 2
      if images[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < images.count && images[low].id == id ? images[low] : nil
  }

  /// `population/path` of the image with this number.
  public func name(_ id: Int64) -> String { image(id: id)?.shownPath ?? "image \(id)" }

  /// Where the image's file is on this machine; nil for a vector without a picture.
  func file(of image: ImageRecord) -> String? {
    guard image.facts.digest != nil, let root = roots[image.source] else { return nil }
    return Paths.join(root, image.path)
  }
}
