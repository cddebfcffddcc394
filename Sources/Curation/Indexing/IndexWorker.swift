import Cataloging
import Cryptography
import Domain
import Files
import Imaging
import Interchange

/// Turns one batch of files into images and vectors. Holds no state: any thread may prepare any
/// batch, and the answer is the same.
struct IndexWorker: Sendable {
  /// Files larger than this are refused unread.
  static let largestFile = 256 << 20

  let root: String
  let chain: EmbeddingChain
  /// Images that have vectors in every space of the chain.
  let complete: Set<Int64>
  /// Images that lack a measure this version takes.
  let unmeasured: Set<Int64>
  let retriesRejected: Bool

  /// What came of one batch.
  struct Prepared: Sendable {
    var items: [IndexedImage] = []
    var rejected: [RejectedFile] = []
    /// What known images lacked.
    var measures: [ImageMeasures] = []
    /// Values per space of the chain; row `i` belongs to `items[i]`.
    var vectors: [[Float]]
    /// Files whose content the catalog knows already.
    var unchanged = 0
    var fileCount = 0
  }

  func prepare(_ batch: [IndexPlan.Item]) throws -> Prepared {
    var prepared = Prepared(vectors: chain.spaces.map { _ in [] })
    prepared.fileCount = batch.count
    var waiting: [Face] = []
    for item in batch {
      guard let read = load(item, into: &prepared) else { continue }
      waiting.append(read)
      if waiting.count == chain.preferredBatch { try embed(&waiting, into: &prepared) }
    }
    try embed(&waiting, into: &prepared)
    return prepared
  }

  private func embed(_ faces: inout [Face], into prepared: inout Prepared) throws {
    guard !faces.isEmpty else { return }
    for (place, score) in (try chain.scores(faces) ?? []).enumerated() {
      // The faces that wait are those of the latest items.
      let item = prepared.items.count - faces.count + place
      prepared.items[item].facts.quality = score
      prepared.items[item].facts.qualityEncoder = chain.qualityDigest
    }
    for (index, block) in try chain.embed(faces).enumerated() {
      prepared.vectors[index].append(contentsOf: block.values)
    }
    faces.removeAll(keepingCapacity: true)
  }

  /// Reads one file; nil where it is known already or cannot be embedded, which is noted.
  private func load(_ item: IndexPlan.Item, into prepared: inout Prepared) -> Face? {
    let path = item.file.path
    var digest: String?
    do {
      let bytes = try FileReader.read(Paths.join(root, path), limit: Self.largestFile)
      digest = SHA256.hex(of: bytes)
      if isKnown(item.known, digest: digest) {
        prepared.unchanged += 1
        if let image = item.known?.image, unmeasured.contains(image) {
          prepared.measures.append(try measures(of: image, bytes))
        }
        return nil
      }
      let decoded = try PictureDecoder.decode(bytes)
      switch try chain.finder.find(in: decoded.picture) {
      case .none(let reason):
        prepared.rejected.append(RejectedFile(path: path, reason: reason, digest: digest))
        return nil
      case .face(let face, let count):
        var facts = ImageFacts(
          digest: digest, byteCount: bytes.count, width: decoded.storedWidth,
          height: decoded.storedHeight, format: decoded.format.rawValue, crop: face.crop,
          landmarks: face.landmarks?.points.flatMap { [Float($0.x), Float($0.y)] },
          faceCount: count, sharpness: face.sharpness())
        facts.measure(decoded.picture)
        prepared.items.append(
          IndexedImage(
            path: path, identity: item.file.identity.map { .named($0) } ?? .none, facts: facts))
        return face
      }
    } catch {
      let reason = (error as? any ExplainedError)?.message ?? "\(error)"
      prepared.rejected.append(RejectedFile(path: path, reason: reason, digest: digest))
      return nil
    }
  }

  /// Measures a picture the catalog has, without embedding it again.
  private func measures(of image: Int64, _ bytes: [UInt8]) throws -> ImageMeasures {
    let picture = try PictureDecoder.decode(bytes).picture
    var measures = ImageMeasures(
      image: image, pixelDigest: picture.pixelDigest(), perceptualHash: picture.perceptualHash())
    if chain.quality != nil, case .face(let face, _) = try chain.finder.find(in: picture) {
      measures.quality = try chain.scores([face])?.first
      measures.qualityEncoder = chain.qualityDigest
    }
    return measures
  }

  private func isKnown(_ known: OutcomeRecord?, digest: String?) -> Bool {
    guard let known, known.digest == digest else { return false }
    switch known.outcome {
    case .indexed: return known.image.map(complete.contains) ?? false
    case .rejected: return !retriesRejected
    case .missing: return false
    }
  }
}

extension Face {
  /// Sharpness of the face alone, at the size encoders see: variance of the Laplacian over the
  /// aligned 112 x 112 crop, in squared grey levels.
  func sharpness() -> Double {
    let side = ArcFaceTemplate.side
    let template = ArcFaceTemplate.points(width: side, height: side)
    if let landmarks, let move = SimilarityTransform(from: landmarks.points, to: template) {
      return picture.warped(by: move, width: side, height: side, border: .black).sharpness()
    }
    return Resampling.resized(picture, to: side, side, filter: .bilinear).sharpness()
  }
}
