import Analysis
import Cataloging
import Domain

/// Finds pictures that are there already without looking at faces: equal files, equal pixels, close
/// perceptual hashes. The tiers of `dedup` that come before near-duplicates.
struct KnownPictures: Sendable {
  /// What is compared of a picture.
  struct Marks: Sendable {
    var file: String?
    var pixels: String?
    var hash: PictureHash?
  }

  /// What a picture repeats.
  enum Repeat: Equatable, Sendable {
    /// The very picture, of the set.
    case samePicture
    /// The very picture, of a real person.
    case realPicture
    /// A picture of the set with a hash so many bits away.
    case closeHash(bits: Int)
  }

  /// Bits by which the hashes of one picture may differ.
  let hashDistance: Int
  /// By digest of the file or of the pixels: true where it shows a real person.
  private var exact: [String: Bool] = [:]
  private var hashes: [PictureHash] = []
  private var seen: Set<PictureHash> = []

  /// - Parameter images: quarantined ones count for equality, not for likeness.
  init(_ images: [ImageRecord], hashDistance: Int) {
    self.hashDistance = hashDistance
    for image in images {
      let facts = image.facts
      let isReal = image.population.showsRealPeople
      add(Marks(file: facts.digest, pixels: facts.pixelDigest), isReal: isReal)
      if !isReal, !image.isQuarantined { add(facts.perceptualHash) }
    }
  }

  mutating func add(_ marks: Marks) {
    add(marks, isReal: false)
    add(marks.hash)
  }

  /// The surest answer; nil where the picture is new.
  func find(_ marks: Marks) -> Repeat? {
    let known = [marks.file, marks.pixels].compactMap { $0.flatMap { exact[$0] } }
    if !known.isEmpty { return known.contains(true) ? .realPicture : .samePicture }
    guard let hash = marks.hash else { return nil }
    let mirrored = hash.mirrored
    var nearest = Int.max
    for other in hashes {
      nearest = min(nearest, hash.distance(to: other), mirrored.distance(to: other))
      if nearest == 0 { break }
    }
    return nearest <= hashDistance ? .closeHash(bits: nearest) : nil
  }

  private mutating func add(_ marks: Marks, isReal: Bool) {
    for digest in [marks.file, marks.pixels] {
      if let digest { exact[digest] = exact[digest] ?? false || isReal }
    }
  }

  private mutating func add(_ hash: PictureHash?) {
    if let hash, seen.insert(hash).inserted { hashes.append(hash) }
  }
}
