/// Where the images of a workspace come from. Every image belongs to exactly one population.
public enum Population: String, CaseIterable, Codable, Comparable, Sendable {
  /// Rendered by computer graphics, e.g. DigiFace-1M.
  case digital
  /// Photographs, e.g. FFHQ: the side Δ points to.
  case real
  /// Made by a generator core to fill quotas.
  case generated
  /// A leak gallery: photographs nothing in the dataset may resemble.
  case reference

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  /// True where showing a picture could show a living person; such pictures are blurred in reports.
  public var showsRealPeople: Bool { self == .real || self == .reference }

  private var rank: Int {
    switch self {
    case .digital: 0
    case .real: 1
    case .generated: 2
    case .reference: 3
    }
  }
}
