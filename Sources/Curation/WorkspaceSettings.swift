import Diagnostics
import Domain

/// What `workspace.json` holds: the choices that change results, so that a run needs no options.
public struct WorkspaceSettings: Equatable, Sendable {
  /// The version of the file's layout.
  public static let format = 1

  /// Shown in reports.
  public var name: String
  /// Names of installed models; nil means the only one installed for that role.
  public var detector: String?
  public var identityEncoder: String?
  public var imageEncoder: String?
  public var generator: String?
  /// Name of the network that scores faces; nil means none, and sharpness stands in.
  public var quality: String?
  /// Pictures per identity that `run` fills up to.
  public var imagesPerIdentity: Int
  /// Embeds digital and generated pictures mirrored as well, so that `leaks` compares both ways round.
  public var embedsMirrored: Bool
  public var rates: CurationRates

  public init(name: String) {
    self.name = name
    imagesPerIdentity = 20
    embedsMirrored = true
    rates = .standard
  }
}

/// The operating points of the gates. Rates are false-match rates, resolved to a cosine by the
/// workspace's own calibration; the two picture floors are correlations.
public struct CurationRates: Equatable, Sendable {
  /// A leak at or above the cosine of this rate is quarantined.
  public var leak: Double
  /// From the cosine of this rate upwards a person should look, and no candidate is accepted.
  public var leakReview: Double
  /// A candidate belongs to its identity from the cosine of this rate upwards.
  public var ownIdentity: Double
  /// First key of a near-duplicate.
  public var duplicate: Double
  /// Second key, cosine in the image space.
  public var imageSimilarity: Float
  /// Second key, correlation after registering the two crops.
  public var registeredCorrelation: Float
  /// Candidates the generator may be asked for, per missing picture.
  public var attemptsPerPicture: Int

  /// Usual operating points of the field, per encoder; the picture floors were measured on known
  /// copies of photographs in other crops and sizes.
  public static let standard = CurationRates(
    leak: 1e-6, leakReview: 1e-4, ownIdentity: 1e-3, duplicate: 1e-4, imageSimilarity: 0.98,
    registeredCorrelation: 0.98, attemptsPerPicture: 6)
}

extension WorkspaceSettings {
  var document: JSONValue {
    var fields: [String: JSONValue] = [
      "format": .int(Self.format), "name": .string(name),
      "imagesPerIdentity": .int(imagesPerIdentity), "embedsMirrored": .bool(embedsMirrored),
      "rates": rates.document,
    ]
    for (key, value) in models { if let value { fields[key] = .string(value) } }
    return .object(fields)
  }

  private var models: [(String, String?)] {
    [
      ("detector", detector), ("identityEncoder", identityEncoder),
      ("imageEncoder", imageEncoder), ("generator", generator), ("quality", quality),
    ]
  }

  init(document: JSONValue) throws(CurationError) {
    let reader = SettingsReader(document)
    let format = try reader.int("format", 1...Int.max) ?? Self.format
    guard format == Self.format else {
      throw CurationError(
        .workspace, "workspace.json has format \(format), this tool knows \(Self.format)",
        hint: "use the d2r-curate that made the workspace, or a newer one")
    }
    self.init(name: try reader.string("name") ?? "dataset")
    detector = try reader.string("detector")
    identityEncoder = try reader.string("identityEncoder")
    imageEncoder = try reader.string("imageEncoder")
    generator = try reader.string("generator")
    quality = try reader.string("quality")
    imagesPerIdentity = try reader.int("imagesPerIdentity", 1...1_000_000) ?? imagesPerIdentity
    embedsMirrored = try reader.bool("embedsMirrored") ?? embedsMirrored
    if let document = document["rates"] { rates = try CurationRates(document: document) }
  }
}

extension CurationRates {
  var document: JSONValue {
    [
      "leak": .double(leak), "leakReview": .double(leakReview),
      "ownIdentity": .double(ownIdentity), "duplicate": .double(duplicate),
      "imageSimilarity": JSONValue(imageSimilarity),
      "registeredCorrelation": JSONValue(registeredCorrelation),
      "attemptsPerPicture": .int(attemptsPerPicture),
    ]
  }

  init(document: JSONValue) throws(CurationError) {
    self = .standard
    let reader = SettingsReader(document)
    leak = try reader.double("leak", 0...1) ?? leak
    leakReview = try reader.double("leakReview", 0...1) ?? leakReview
    ownIdentity = try reader.double("ownIdentity", 0...1) ?? ownIdentity
    duplicate = try reader.double("duplicate", 0...1) ?? duplicate
    imageSimilarity = Float(
      try reader.double("imageSimilarity", -1...1) ?? Double(imageSimilarity))
    registeredCorrelation = Float(
      try reader.double("registeredCorrelation", -1...1) ?? Double(registeredCorrelation))
    attemptsPerPicture = try reader.int("attemptsPerPicture", 1...1000) ?? attemptsPerPicture
  }
}

/// Reads settings and says which one is wrong and what it may be.
private struct SettingsReader {
  let document: JSONValue

  init(_ document: JSONValue) { self.document = document }

  func string(_ key: String) throws(CurationError) -> String? {
    guard let value = present(key) else { return nil }
    guard let text = value.stringValue else { throw wrong(key, "a text") }
    return text
  }

  func int(_ key: String, _ range: ClosedRange<Int>) throws(CurationError) -> Int? {
    guard let value = present(key) else { return nil }
    guard let number = value.intValue, range.contains(number) else {
      throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func double(_ key: String, _ range: ClosedRange<Double>) throws(CurationError) -> Double? {
    guard let value = present(key) else { return nil }
    guard let number = value.doubleValue, range.contains(number) else {
      throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func bool(_ key: String) throws(CurationError) -> Bool? {
    guard let value = present(key) else { return nil }
    guard let flag = value.boolValue else { throw wrong(key, "true or false") }
    return flag
  }

  private func present(_ key: String) -> JSONValue? {
    guard let value = document[key], !value.isNull else { return nil }
    return value
  }

  private func wrong(_ key: String, _ wanted: String) -> CurationError {
    CurationError(
      .setting, "workspace.json: \(key) must be \(wanted)",
      hint: "correct it in workspace.json; d2r-curate init writes an example")
  }
}
