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
  /// Place in `MapReport.thumbnails`; nil, or a place that is not there, shows no picture.
  public var thumbnail: Int?
  /// Relative to the folder that was indexed.
  public var path: String
  /// One short sentence the page shows beside the picture; may be empty.
  public var note: String

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
    self.thumbnail = thumbnail
    self.path = path
    self.note = note
  }
}
