/// How a dataset's folders say who is who.
public enum DatasetLayout: String, CaseIterable, Codable, Sendable {
  /// `IDENTITY/IMAGE`, the folder's name being the identity.
  case identityFolders = "identity-folders"
  /// `ID/K.png` with whole numbers, as DigiFace-1M is released; ordered by number.
  case digiface
  /// Flickr-Faces-HQ: `images1024x1024/DDDDD/ddddd.png`, `thumbnails128x128/…`,
  /// `in-the-wild-images/…`, the inside of one of these, or `ddddd.png` side by side. No identities.
  case ffhq
  /// Pictures anywhere, without identities.
  case flat
}
