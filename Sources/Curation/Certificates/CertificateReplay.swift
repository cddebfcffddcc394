import Analysis
import Cataloging
import Cryptography
public import Diagnostics
import Domain
import Files
import Imaging
import LinearAlgebra

/// Computes parts of a leak certificate again in the workspace it came from, and compares.
public struct CertificateReplay: Sendable {
  /// What to do again.
  public struct Options: Sendable {
    /// Random comparisons, besides all the hits.
    public var comparisons: Int
    /// Random pictures to read and embed again.
    public var pictures: Int
    /// Chooses the random ones.
    public var seed: UInt64

    public init(comparisons: Int, pictures: Int, seed: UInt64) {
      self.comparisons = comparisons
      self.pictures = pictures
      self.seed = seed
    }
  }

  /// What embeds pictures again.
  public struct Chains: Sendable {
    /// For pictures in which a face was found.
    public var detecting: EmbeddingChain
    /// For pictures that were taken for aligned crops.
    public var assuming: EmbeddingChain

    public init(detecting: EmbeddingChain, assuming: EmbeddingChain) {
      self.detecting = detecting
      self.assuming = assuming
    }
  }

  /// What was done again, and everything that did not agree.
  public struct Result: Equatable, Sendable {
    public var problems: [String] = []
    /// Worth knowing, and no disagreement.
    public var notes: [String] = []
    public var hits = 0
    public var comparisons = 0
    public var pictures = 0
    /// Pictures whose vector is equal to the bit; the rest has cosine 0.9999 or more.
    public var identicalPictures = 0
  }

  private static let pairStream: UInt64 = 0x5E1F_0001
  private static let pictureStream: UInt64 = 0x5E1F_0002
  /// Networks may round otherwise in another batch.
  private static let sameVector: Float = 0.9999

  let options: Options
  let chains: Chains?

  /// - Parameter chains: needed where pictures are to be embedded again.
  public init(_ options: Options, chains: Chains? = nil) {
    self.options = options
    self.chains = chains
  }

  /// The seed that a certificate gives by itself: the first eight bytes of the SHA-256 of its file.
  public static func derivedSeed(of signed: SignedDocument) -> UInt64 {
    SHA256.digest(of: Array(signed.document.compact.utf8)).prefix(8)
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  public func run(_ certificate: JSONValue, in context: StepContext) async throws -> Result {
    guard certificate["kind"]?.stringValue == CertificateStep.kind,
      let claims = CertificateClaims(certificate)
    else {
      throw CurationError(
        .missingInput, "only a leak certificate can be replayed",
        hint: "check the signature alone: d2r-curate verify FILE")
    }
    var result = Result()
    let images = try await CertifiedImages.load(
      suspects: claims.populations, gallery: claims.gallery, space: claims.space, in: context)
    let count = claims.hits.count + options.comparisons
    try await context.logComparisons(with: images.gallery) { _ in count }
    compareLists(images, claims, &result)
    try await compareLedger(claims, in: context, &result)
    // Places in lists that differ would name other images.
    guard result.problems.isEmpty else { return result }
    recomputeHits(images, claims, &result)
    recomputePairs(images, claims, &result)
    try await embedAgain(images, in: context, &result)
    return result
  }

  private func compareLists(
    _ images: CertifiedImages, _ claims: CertificateClaims, _ result: inout Result
  ) {
    func expect(_ what: String, _ claimed: String, _ found: String) {
      guard claimed != found else { return }
      result.problems.append("\(what): the certificate says \(claimed), here it is \(found)")
    }
    expect("encoder", claims.encoder, images.gallery.space.encoderDigest)
    expect("images tested", "\(claims.tested)", "\(images.suspects.unit.count)")
    expect("templates of the gallery", "\(claims.templates)", "\(images.gallery.unit.count)")
    expect("digest of the set", claims.setDigest, images.suspectList.root)
    expect("digest of the gallery", claims.galleryDigest, images.galleryList.root)
  }

  private func compareLedger(
    _ claims: CertificateClaims, in context: StepContext, _ result: inout Result
  ) async throws {
    let certified = LedgerHead(count: claims.decisions, hash: claims.ledgerHead)
    if let problem = try await context.catalog.disagreement(with: certified) {
      result.problems.append("ledger: \(problem)")
    }
    let count = try await context.catalog.decisions().count
    if count > claims.decisions {
      result.notes.append("\(count - claims.decisions) decisions were made since it was issued")
    }
  }

  private func recomputeHits(
    _ images: CertifiedImages, _ claims: CertificateClaims, _ result: inout Result
  ) {
    for hit in claims.hits {
      result.hits += 1
      guard images.suspectList.rows.indices.contains(hit.suspect),
        images.galleryList.rows.indices.contains(hit.reference)
      else {
        result.problems.append("hit \(hit.suspect) ~ \(hit.reference): there is no such place")
        continue
      }
      let found = similarity(hit.suspect, hit.reference, images)
      guard hit.asIs != found else { continue }
      result.problems.append(
        "hit \(hit.suspect) ~ \(hit.reference): certified \(hit.asIs), recomputed \(found)")
    }
  }

  /// Random comparisons: one at or above the threshold must be among the hits.
  private func recomputePairs(
    _ images: CertifiedImages, _ claims: CertificateClaims, _ result: inout Result
  ) {
    let random = CounterRandom(seed: options.seed, stream: Self.pairStream)
    var reported: Set<[Int]> = []
    let known = Set(claims.hits.map { [$0.suspect, $0.reference] })
    for number in 0..<options.comparisons {
      let suspect = random.index(below: claims.tested, at: UInt64(2 * number))
      let reference = random.index(below: claims.templates, at: UInt64(2 * number + 1))
      result.comparisons += 1
      let found = similarity(suspect, reference, images)
      if found >= claims.threshold, !known.contains([suspect, reference]),
        reported.insert([suspect, reference]).inserted
      {
        result.problems.append(
          "comparison \(suspect) ~ \(reference): \(found) reaches the threshold and is no hit")
      }
    }
  }

  private func similarity(_ suspect: Int, _ reference: Int, _ images: CertifiedImages) -> Float {
    PlainDot.similarity(
      images.suspects.unit[row: images.suspectList.rows[suspect]],
      images.gallery.unit[row: images.galleryList.rows[reference]]
    ).value
  }

  private func embedAgain(
    _ images: CertifiedImages, in context: StepContext, _ result: inout Result
  ) async throws {
    guard options.pictures > 0, let chains else { return }
    let roots = Dictionary(
      uniqueKeysWithValues: try await context.catalog.sources().map { ($0.id, $0.root) })
    let random = CounterRandom(seed: options.seed, stream: Self.pictureStream)
    let rows = random.shuffled(count: images.suspects.unit.count).filter {
      images.records[images.suspects.images[$0]]?.facts.digest != nil
    }
    for row in rows.prefix(options.pictures) {
      guard let record = images.records[images.suspects.images[row]],
        let root = roots[record.source]
      else { continue }
      result.pictures += 1
      let place = images.suspectList.places[row]
      let chain = record.facts.crop == .assumed ? chains.assuming : chains.detecting
      do {
        let vector = try Self.vector(
          Paths.join(root, record.path), digest: record.facts.digest, chain, images.suspects.space)
        let stored = images.suspects.unit[row: row]
        let similarity = PlainDot.similarity(vector[...], stored).value
        if vector[...] == stored {
          result.identicalPictures += 1
        } else if !(similarity >= Self.sameVector) {
          result.problems.append(
            "picture \(place): embedded again it has cosine \(similarity) with its stored vector")
        }
      } catch {
        result.problems.append("picture \(place): \(Self.reason(error))")
      }
    }
  }

  /// Without the path that the message may hold: a picture is named by its place.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case is FilesError: "the file cannot be read"
    case let error as any ExplainedError: error.message
    default: "it cannot be embedded"
    }
  }

  private static func vector(
    _ path: String, digest: String?, _ chain: EmbeddingChain, _ space: Space
  ) throws -> [Float] {
    guard let place = chain.spaces.firstIndex(of: space) else {
      throw CurationError(.missingInput, "the encoder of the certificate is not installed")
    }
    let bytes = try FileReader.read(path)
    guard SHA256.hex(of: bytes) == digest else {
      throw CurationError(.missingInput, "the file is not the one that was indexed")
    }
    switch try chain.finder.find(in: try PictureDecoder.decode(bytes).picture) {
    case .none(let reason): throw CurationError(.missingInput, reason)
    case .face(let face, _): return try chain.embed([face])[place].unitRows().vectors.values
    }
  }
}
