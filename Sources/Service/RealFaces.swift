internal import Cataloging
internal import Domain

/// Which images may show a real person: those of real people, and those that a search for leaks found
/// to resemble one.
struct RealFaces: Sendable {
  let suspects: Set<Int64>

  func mayShow(_ image: ImageRecord) -> Bool {
    mayShow(image.id, of: image.population)
  }

  func mayShow(_ image: Int64, of population: Population) -> Bool {
    population.showsRealPeople || suspects.contains(image)
  }
}
