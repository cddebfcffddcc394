import Domain
import Files
import Imaging

/// One thing planted in a demonstration's dataset.
public struct PlantedItem: Equatable, Sendable {
  /// What the job should make of it.
  public enum Kind: String, CaseIterable, Sendable {
    case duplicate, leak, short
  }

  public var kind: Kind
  /// Relative to the digital folder; an identity's name for a short one.
  public var path: String
  /// What was done, for people.
  public var note: String
}

/// Plants copies, leaks and short identities among the digital renders, and keeps the answer key.
struct Planter {
  let folder: String
  let identities: [DemoIdentity]
  let gallery: [DemoStandIn]
  let people: DemoPeople
  private(set) var items: [PlantedItem] = []

  init(
    folder: String, identities: [DemoIdentity], gallery: [DemoStandIn], people: DemoPeople
  ) throws {
    self.folder = folder
    self.identities = identities
    self.gallery = gallery
    self.people = people
  }

  mutating func plant() throws {
    let whole = identities.filter { !$0.isShort }
    for (number, change) in (DemoChange.all + DemoChange.all).enumerated() where !whole.isEmpty {
      let identity = whole[number % whole.count]
      let original = identity.pictures[(number / whole.count) % identity.pictures.count]
      try write(
        .duplicate, change.apply(original), "copy-\(number)\(change.suffix)", in: identity,
        note: "\(change.name) of another picture of \(identity.name)")
    }
    for (number, change) in DemoChange.all.enumerated() where !whole.isEmpty {
      let victim = gallery[number % gallery.count]
      try write(
        .leak, change.apply(victim.pictures[0]), "leak-\(number)\(change.suffix)",
        in: whole[(3 * number + 1) % whole.count], note: "\(change.name) of \(victim.name)")
    }
    try plantSamePerson(among: whole)
    for identity in identities where identity.isShort {
      items.append(
        PlantedItem(
          kind: .short, path: identity.name, note: "has \(identity.pictures.count) pictures"))
    }
  }

  /// New renders of people of the gallery.
  private mutating func plantSamePerson(among whole: [DemoIdentity]) throws {
    for number in 0..<4 where !whole.isEmpty {
      let victim = gallery[(10 + number) % gallery.count]
      let renders = try people.pictures(
        of: victim.latent, count: 1, spread: 0.03...0.06, group: "leak \(number)")
      let picture = Resampling.resized(
        renders[0], to: DemoDataset.renderSide, DemoDataset.renderSide, filter: .bicubic)
      try write(
        .leak, PictureEncoder.png(picture), "person-\(number).png",
        in: whole[(5 * number + 2) % whole.count], note: "another picture of \(victim.name)")
    }
  }

  private mutating func write(
    _ kind: PlantedItem.Kind, _ bytes: [UInt8], _ name: String, in identity: DemoIdentity,
    note: String
  ) throws {
    let path = "\(identity.name)/\(name)"
    try AtomicFile.write(bytes, to: Paths.join(folder, path))
    items.append(PlantedItem(kind: kind, path: path, note: note))
  }
}

/// A way to copy a picture so that its bytes differ.
struct DemoChange: Sendable {
  let name: String
  let suffix: String
  /// The copy, encoded.
  let apply: @Sendable (Picture) throws -> [UInt8]

  static let all = [
    DemoChange(name: "exact copy", suffix: ".png") { try PictureEncoder.png($0) },
    DemoChange(name: "JPEG copy", suffix: ".jpg") { try PictureEncoder.jpeg($0, quality: 60) },
    DemoChange(name: "smaller copy", suffix: ".png") {
      try PictureEncoder.png(
        Resampling.resized($0, to: $0.width * 2 / 3, $0.height * 2 / 3, filter: .lanczos3))
    },
    DemoChange(name: "larger copy", suffix: ".jpg") {
      try PictureEncoder.jpeg(
        Resampling.resized($0, to: $0.width * 2, $0.height * 2, filter: .bicubic), quality: 85)
    },
    DemoChange(name: "mirrored copy", suffix: ".png") { try PictureEncoder.png($0.mirrored()) },
    DemoChange(name: "cropped copy", suffix: ".png") {
      let margin = max(1, $0.width / 20)
      return try PictureEncoder.png(
        $0.cropped(
          x: margin, y: margin / 2, width: $0.width - 2 * margin, height: $0.height - 2 * margin))
    },
    DemoChange(name: "brighter copy", suffix: ".png") {
      var picture = $0
      picture.pixels = picture.pixels.map { UInt8(min(255, Int($0) * 6 / 5 + 4)) }
      return try PictureEncoder.png(picture)
    },
  ]
}
