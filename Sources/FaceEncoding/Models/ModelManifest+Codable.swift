// Reading is strict: a field this format does not know is an error, so that a misspelt optional
// field does not silently mean its default.

extension ModelManifest: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case format, name, role, kind, space, files, input, output, latent, licence, source, note
    case thresholds, identity, identityEncoder, diffusion, remote, exec
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let format = try values.decode(Int.self, forKey: .format)
    guard format == Self.format else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: values,
        debugDescription: "is \(format), this tool reads \(Self.format)")
    }
    try decoder.refuseUnknown(CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    role = try values.decode(Role.self, forKey: .role)
    kind = try values.decode(Kind.self, forKey: .kind)
    space = try values.decodeIfPresent(String.self, forKey: .space)
    files = try values.decodeIfPresent([String: File].self, forKey: .files) ?? [:]
    input = try values.decodeIfPresent(Input.self, forKey: .input) ?? Input(name: "")
    output = try values.decodeIfPresent(Output.self, forKey: .output)
    latent = try values.decodeIfPresent(Int.self, forKey: .latent)
    licence = try values.decode(String.self, forKey: .licence)
    source = try values.decode(String.self, forKey: .source)
    note = try values.decodeIfPresent(String.self, forKey: .note) ?? ""
    thresholds = try values.decodeIfPresent([Threshold].self, forKey: .thresholds) ?? []
    identity = try values.decodeIfPresent(Int.self, forKey: .identity)
    identityEncoder = try values.decodeIfPresent(String.self, forKey: .identityEncoder)
    diffusion = try values.decodeIfPresent(Diffusion.self, forKey: .diffusion)
    remote = try values.decodeIfPresent(Remote.self, forKey: .remote)
    exec = try values.decodeIfPresent(Exec.self, forKey: .exec)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Self.format, forKey: .format)
    try values.encode(name, forKey: .name)
    try values.encode(role, forKey: .role)
    try values.encode(kind, forKey: .kind)
    try values.encodeIfPresent(space, forKey: .space)
    if !files.isEmpty { try values.encode(files, forKey: .files) }
    if !input.name.isEmpty { try values.encode(input, forKey: .input) }
    try values.encodeIfPresent(output, forKey: .output)
    try values.encodeIfPresent(latent, forKey: .latent)
    try values.encode(licence, forKey: .licence)
    try values.encode(source, forKey: .source)
    if !note.isEmpty { try values.encode(note, forKey: .note) }
    if !thresholds.isEmpty { try values.encode(thresholds, forKey: .thresholds) }
    try values.encodeIfPresent(identity, forKey: .identity)
    try values.encodeIfPresent(identityEncoder, forKey: .identityEncoder)
    try values.encodeIfPresent(diffusion, forKey: .diffusion)
    try values.encodeIfPresent(remote, forKey: .remote)
    try values.encodeIfPresent(exec, forKey: .exec)
  }
}

extension ModelManifest.File {
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknown(CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    file = try values.decode(String.self, forKey: .file)
    sha256 = try values.decode(String.self, forKey: .sha256)
  }
}

extension ModelManifest.Input {
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknown(CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      width: try values.decodeIfPresent(Int.self, forKey: .width),
      height: try values.decodeIfPresent(Int.self, forKey: .height),
      alignment: try values.decodeIfPresent(ModelManifest.Alignment.self, forKey: .alignment))
    channels =
      try values.decodeIfPresent(ModelManifest.Channels.self, forKey: .channels) ?? channels
    mean = try values.decodeIfPresent([Double].self, forKey: .mean) ?? mean
    std = try values.decodeIfPresent([Double].self, forKey: .std) ?? std
    resize = try values.decodeIfPresent(ModelManifest.Resize.self, forKey: .resize) ?? resize
  }
}

extension ModelManifest.Output {
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknown(CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    width = try values.decode(Int.self, forKey: .width)
    height = try values.decodeIfPresent(Int.self, forKey: .height)
    range = try values.decodeIfPresent([Double].self, forKey: .range)
  }
}

extension ModelManifest.Threshold {
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknown(CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    fmr = try values.decode(Double.self, forKey: .fmr)
    similarity = try values.decode(Double.self, forKey: .similarity)
    cohort = try values.decode(String.self, forKey: .cohort)
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension Decoder {
  /// Throws, naming the field, where the object has one that `Keys` does not know.
  func refuseUnknown<Keys: CodingKey & CaseIterable>(_ keys: Keys.Type) throws {
    let known = Set(Keys.allCases.map(\.stringValue))
    let object = try container(keyedBy: AnyKey.self)
    let unknown = object.allKeys.filter { !known.contains($0.stringValue) }
    guard let first = unknown.min(by: { $0.stringValue < $1.stringValue }) else { return }
    throw DecodingError.dataCorruptedError(
      forKey: first, in: object, debugDescription: "is not known")
  }
}
