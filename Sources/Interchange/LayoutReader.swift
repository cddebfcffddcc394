import Files

/// Finds out what a dataset folder holds, without opening a picture.
///
/// Files with the extensions of PNG, JPEG and WebP are listed; pictures of other formats become
/// problems; all other files are passed over. Hidden files are skipped and links are followed.
public enum LayoutReader {
  /// The layout that the folder's names speak for.
  /// - Throws: `noPictures`; `unclearLayout` where more than one reading is likely, so that nobody
  ///   gets identities that are none.
  public static func detect(_ root: String) throws(InterchangeError) -> DatasetLayout {
    try PictureTree(walking: root).likelyLayout()
  }

  /// Everything in the folder under `layout`, or under the detected one for nil.
  /// - Throws: as `detect`, and `noPictures` where nothing fits the layout.
  public static func read(
    _ root: String, layout: DatasetLayout? = nil
  ) throws(InterchangeError) -> DatasetListing {
    let tree = try PictureTree(walking: root)
    let chosen = if let layout { layout } else { try tree.likelyLayout() }
    var listing =
      switch chosen {
      case .identityFolders: tree.identityFolders()
      case .digiface: tree.digiface()
      case .ffhq: tree.ffhq()
      case .flat: tree.flat()
      }
    listing.problems = tree.problems + listing.problems
    if listing.files.isEmpty { throw tree.nothing(as: layout, listing.problems) }
    return listing
  }
}

extension PictureTree {
  /// The error for a folder in which nothing can be used.
  func nothing(as layout: DatasetLayout?, _ problems: [ListingProblem]) -> InterchangeError {
    if let layout, !pictures.isEmpty {
      return InterchangeError(
        code: .noPictures,
        message: "none of the \(pictures.count) pictures in \(root) fits the layout "
          + layout.rawValue,
        hint: "leave the layout to be detected, or use flat for pictures without identities")
    }
    let first = problems.first.map { " (\($0.path): \($0.reason))" } ?? ""
    return InterchangeError(
      code: .noPictures, message: "there are no pictures to read in \(root)\(first)",
      hint: "pictures are PNG, JPEG or WebP files; unpack archives first")
  }
}
