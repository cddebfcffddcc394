public import Domain

/// One image's place on a map.
public struct MapPoint: Hashable, Codable, Sendable {
  /// The image's id in the catalog.
  public var imageID: Int
  /// Map coordinates; they have no unit. A point that is not finite is left out of pictures.
  public var x: Double
  public var y: Double
  public var population: Population
  public var identity: String?
  public var quarantined: Bool
  /// Whether it belongs to the set; by default told by `quarantined`.
  public var state: State
  /// True for an image placed on a map that was there before.
  public var isNew = false
  /// Place in `MapReport.thumbnails`; nil, or a place that is not there, shows no picture.
  public var thumbnail: Int?
  /// Relative to the folder that was indexed.
  public var path: String
  /// One short sentence the page shows beside the picture; may be empty.
  public var note: String

  /// What became of an image.
  public enum State: String, Hashable, Codable, Sendable, CaseIterable {
    case kept
    case removed
    /// Too close to a real person, whether put aside or not.
    case leak
  }

  public init(
    imageID: Int, x: Double, y: Double, population: Population, identity: String? = nil,
    quarantined: Bool = false, thumbnail: Int? = nil, path: String, note: String = ""
  ) {
    self.imageID = imageID
    self.x = x
    self.y = y
    self.population = population
    self.identity = identity
    self.quarantined = quarantined
    state = quarantined ? .removed : .kept
    self.thumbnail = thumbnail
    self.path = path
    self.note = note
  }
}
