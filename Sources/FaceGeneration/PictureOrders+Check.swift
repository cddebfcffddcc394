internal import Domain

extension PictureOrders {
  /// - Throws: `vectorsUnfit` for vectors of another width than the generator takes, or with a value
  ///   that is not finite.
  func check(for generator: some Generator) throws {
    let input = generator.input
    guard vectors.width == input.width else {
      throw GenerationError(
        .vectorsUnfit,
        """
        generator \(generator.name) takes \(input.kind.rawValue) vectors of \(input.width) values, \
        given \(vectors.width)
        """)
    }
    if let bad = vectors.values.firstIndex(where: { !$0.isFinite }) {
      throw GenerationError(
        .vectorsUnfit,
        "\(input.kind.rawValue) vector \(bad / vectors.width) has a value that is not finite")
    }
  }
}
