import Cryptography
public import Domain
import Synchronization

/// The space of a diffusion pipeline's conditioning, computed from identity vectors.
public struct ConditioningEncoder: Sendable {
  /// The space's name; its vectors are positions × width numbers.
  public static let space = "conditioning"

  /// SHA-256, in hex, of the pipeline.
  let digest: String
  let positions: Int
  let width: Int
  let encode: @Sendable (Vectors) throws -> Vectors

  /// - Parameter encode: unit identity vectors to rows of `positions` × `width` numbers, in order.
  public init(
    digest: String, positions: Int, width: Int,
    encode: @escaping @Sendable (Vectors) throws -> Vectors
  ) {
    self.digest = digest
    self.positions = positions
    self.width = width
    self.encode = encode
  }

  /// The space over one identity encoder.
  public func space(over identity: Space) -> Space {
    Space(
      name: Self.space, width: positions * width,
      encoderDigest: SHA256.hex(of: "\(Self.space)\n\(digest)\n\(identity.encoderDigest)"))
  }
}

extension StoredImages {
  /// The same images in the space of a pipeline's conditioning; as they are without an encoder.
  func conditioned(by encoder: ConditioningEncoder?) -> StoredImages {
    guard let encoder else { return self }
    return StoredImages(
      space: encoder.space(over: space), locations: locations,
      rows: ConditioningRows(rows, encoder))
  }
}

/// Conditioning of rows of identity vectors, made as they are asked for. A row without a direction
/// gives zeros.
final class ConditioningRows: VectorRows {
  let count: Int
  let width: Int
  private let identities: any VectorRows
  private let encoder: ConditioningEncoder
  private let failure = Mutex<(any Error)?>(nil)

  init(_ identities: any VectorRows, _ encoder: ConditioningEncoder) {
    self.identities = identities
    self.encoder = encoder
    count = identities.count
    width = encoder.positions * encoder.width
  }

  /// After a failure all rows are zeros, and `checked` throws it.
  func append(_ stretch: Range<Int>, to values: inout [Float]) {
    var rows: [Float] = []
    identities.append(stretch, to: &rows)
    let input = Vectors(count: stretch.count, width: identities.width, values: rows)
    do {
      var answer = try encoder.encode(input)
      guard answer.count == input.count, answer.width == width else {
        throw CurationError(
          .badVectors,
          "the text encoder gave \(answer.count) × \(answer.width) numbers for \(input.count) rows")
      }
      for row in 0..<input.count where input[row: row].allSatisfy({ $0 == 0 }) {
        for place in row * width..<(row + 1) * width { answer.values[place] = 0 }
      }
      values += answer.values
    } catch {
      failure.withLock { $0 = $0 ?? error }
      values += [Float](repeating: 0, count: stretch.count * width)
    }
  }

  func release() { identities.release() }

  /// What `work` makes of rows, some of which may be computed.
  /// - Throws: the first failure of the network, which leaves rows that cannot be used; else what `work`
  ///   throws.
  static func checked<Answer>(
    _ rows: [any VectorRows], _ work: () throws -> Answer
  ) throws -> Answer {
    let answer = Result { try work() }
    for computed in rows.compactMap({ $0 as? ConditioningRows }) {
      if let error = computed.failure.withLock({ $0 }) { throw error }
    }
    return try answer.get()
  }
}
