import Diagnostics
public import Domain
import Files
import Imaging
import Interchange

/// Makes the dataset of a demonstration: renders, stand-ins for photographs, and things planted
/// among the renders that the job has to find, with an answer key.
public struct DemoDataset: Sendable {
  /// How much of everything.
  public struct Recipe: Equatable, Sendable {
    /// Identities of the digital population.
    public var identities = 24
    /// Pictures of an identity that is not short.
    public var picturesEach = 7
    /// People of the reference gallery, three pictures each.
    public var referencePeople = 100
    /// People of the stand-in for a real population, three pictures each.
    public var realPeople = 80

    public init() {}
  }

  /// Side of the digital renders, in pixels, as DigiFace-1M has them.
  static let renderSide = 112
  /// Distance of an identity's pictures from its latent: far enough to differ, near enough to be
  /// the same person.
  static let spread = 0.15...0.25
  static let picturesOfStandIn = 3

  let root: String
  let recipe: Recipe
  let people: DemoPeople
  let seed: UInt64
  let makesReal: Bool

  /// - Parameters:
  ///   - root: the folder to make; `digital`, `reference`, `real` and `planted.csv` go there.
  ///   - makesReal: false leaves the real population to the user's own folder.
  public init(
    root: String, recipe: Recipe, generator: any Generator, finder: any FaceFinder,
    seed: UInt64, makesReal: Bool
  ) {
    self.root = root
    self.recipe = recipe
    people = DemoPeople(generator: generator, finder: finder, seed: seed)
    self.seed = seed
    self.makesReal = makesReal
  }

  /// Where the digital renders go.
  public var digitalFolder: String { Paths.join(root, "digital") }
  /// Where the leak gallery goes.
  public var referenceFolder: String { Paths.join(root, "reference") }
  /// Where the stand-in for a real population goes.
  public var realFolder: String { Paths.join(root, "real") }
  /// Where the answer key goes.
  public var keyFile: String { Paths.join(root, "planted.csv") }

  /// Writes everything and returns what was planted.
  @discardableResult
  public func make(progress: any ProgressReporter) throws -> [PlantedItem] {
    progress.begin("inventing people", total: nil, unit: "people")
    let gallery = try standIns(
      recipe.referencePeople, folder: referenceFolder, group: "reference", progress)
    if makesReal {
      _ = try standIns(recipe.realPeople, folder: realFolder, group: "real", progress)
      try AtomicFile.write(text: Self.notice, to: Paths.join(realFolder, "README.txt"))
    }
    var planter = try Planter(
      folder: digitalFolder, identities: try digital(progress), gallery: gallery, people: people)
    try planter.plant()
    progress.end("\(planter.items.count) things planted")
    try CSVFile.write(
      CSVTable(
        header: ["kind", "path", "note"],
        rows: planter.items.map { [$0.kind.rawValue, $0.path, $0.note] }), to: keyFile)
    return planter.items
  }

  /// Identity folders of renders; every sixth identity is short, every fourth comes without latent.
  private func digital(_ progress: any ProgressReporter) throws -> [DemoIdentity] {
    let latents = try people.draw(recipe.identities, group: "digital")
    return try latents.enumerated().map { index, latent in
      let isShort = index % 6 == 5
      let identity = DemoIdentity(
        name: "\(100_000 + index)", isShort: isShort,
        pictures: try people.pictures(
          of: latent, count: isShort ? 2 + index % 2 : recipe.picturesEach, spread: Self.spread,
          group: "digital \(index)"
        ).map {
          Resampling.resized($0, to: Self.renderSide, Self.renderSide, filter: .bicubic)
        })
      let folder = Paths.join(digitalFolder, identity.name)
      try FileSystem.makeFolder(folder)
      for (number, picture) in identity.pictures.enumerated() {
        try AtomicFile.write(
          PictureEncoder.png(picture), to: Paths.join(folder, "\(number).png"))
      }
      if index % 4 != 3 {
        try NumpyFile.write(NumpyArray(latent), to: Paths.join(folder, "latent.npy"))
      }
      progress.advance(to: index + 1)
      return identity
    }
  }

  /// Identity folders of camera-simulated pictures.
  private func standIns(
    _ count: Int, folder: String, group: String, _ progress: any ProgressReporter
  ) throws -> [DemoStandIn] {
    try people.draw(count, group: group).enumerated().map { index, latent in
      let name = "\(group)-\(index)"
      try FileSystem.makeFolder(Paths.join(folder, name))
      let renders = try people.pictures(
        of: latent, count: Self.picturesOfStandIn, spread: Self.spread, group: name)
      let pictures = renders.enumerated().map { number, render in
        CameraModel(seed: seed &+ UInt64(index * 16 + number)).photograph(render)
      }
      for (number, picture) in pictures.enumerated() {
        try AtomicFile.write(
          PictureEncoder.jpeg(picture, quality: 92),
          to: Paths.join(Paths.join(folder, name), "\(number).jpg"))
      }
      progress.advance(to: index + 1)
      return DemoStandIn(name: name, latent: latent, pictures: pictures)
    }
  }

  private static let notice = """
    These pictures are no photographs. They are renders of a generator, passed through a simulated
    camera, and stand in for a real population so that the demonstration needs nobody's pictures.
    To see the tool on real ones, give your own folder: d2r-curate demo DIR --real FOLDER

    """
}

/// One identity of the digital population.
struct DemoIdentity: Sendable {
  var name: String
  var isShort: Bool
  var pictures: [Picture]
}

/// One person of a stand-in population.
struct DemoStandIn: Sendable {
  var name: String
  var latent: [Float]
  var pictures: [Picture]
}
