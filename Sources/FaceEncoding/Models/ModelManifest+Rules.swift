extension ModelManifest {
  /// What is wrong with the values, naming the field, or nil. Each rule answers for one field.
  var problem: String? {
    nameProblem ?? roleProblem ?? drivenProblem ?? sectionProblem ?? filesProblem
      ?? inputProblem ?? outputProblem ?? thresholdsProblem
  }

  private var nameProblem: String? {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return plain && !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 64
      ? nil : "field 'name' must be 1 to 64 letters, digits, '.', '-' or '_', not starting with '.'"
  }

  private var roleProblem: String? {
    let kinds: [Kind] =
      switch role {
      case .encoder: [.onnx, .remote]
      case .quality: [.onnx]
      case .detector: [.mtcnn, .yunet]
      case .generator: [.dcgan, .diffusion, .remote, .exec]
      }
    if !kinds.contains(kind) { return "field 'kind' is \(kind), which no \(role) can have" }
    if role == .encoder && (space ?? "").isEmpty { return "field 'space' is missing" }
    if role != .encoder && space != nil { return "field 'space' is for encoders only" }
    return nil
  }

  /// A generator is driven by latents or by identities.
  private var drivenProblem: String? {
    guard role == .generator else {
      if latent != nil { return "field 'latent' is for generators only" }
      if identity != nil { return "field 'identity' is for generators only" }
      return identityEncoder == nil ? nil : "field 'identityEncoder' is for generators only"
    }
    switch kind {
    case .dcgan where identity != nil: return "field 'identity' is not for kind 'dcgan'"
    case .diffusion where latent != nil: return "field 'latent' is not for kind 'diffusion'"
    case .diffusion where (identity ?? 0) < 1: return "field 'identity' must be at least 1"
    default: break
    }
    if latent != nil && identity != nil { return "field 'latent' excludes field 'identity'" }
    if let identity { return identity < 1 ? "field 'identity' must be at least 1" : nil }
    return (latent ?? 0) < 1 ? "field 'latent' must be at least 1" : nil
  }

  /// Each of the newer kinds has a section of its own.
  private var sectionProblem: String? {
    let sections: [(Kind, isThere: Bool, problem: String?)] = [
      (.diffusion, diffusion != nil, diffusion?.problem), (.remote, remote != nil, remote?.problem),
      (.exec, exec != nil, exec?.problem),
    ]
    for (owner, isThere, problem) in sections {
      if isThere != (kind == owner) {
        return isThere
          ? "field '\(owner)' is for kind '\(owner)' only" : "field '\(owner)' is missing"
      }
      if let problem { return problem }
    }
    return nil
  }

  private var filesProblem: String? {
    let parts = parts
    if let missing = parts.first(where: { files[$0] == nil }) {
      return "field 'files.\(missing)' is missing"
    }
    if let extra = files.keys.sorted().first(where: { !parts.contains($0) && !mayHave($0) }) {
      return "field 'files.\(extra)' is not known"
    }
    let problem = self.parts.lazy.compactMap { self.problem(ofFile: $0) }.first
    return problem ?? exec?.problem(with: files)
  }

  private func problem(ofFile part: String) -> String? {
    guard let entry = files[part] else { return nil }
    if entry.file == InstalledModel.manifestName {
      return "field 'files.\(part).file' is the manifest itself"
    }
    if entry.file.isEmpty || entry.file.contains("/") || entry.file.hasPrefix(".") {
      return "field 'files.\(part).file' must be a plain file name, not '\(entry.file)'"
    }
    return Self.isDigest(entry.sha256)
      ? nil : "field 'files.\(part).sha256' must be 64 lower-case hexadecimal digits"
  }

  /// Sides beyond this are a mistake, not a network.
  private static let largestSide = 4096

  private var inputProblem: String? {
    let isNamed = kind != .diffusion && kind != .exec
    if isNamed && input.name.isEmpty { return "field 'input.name' is empty" }
    if input.mean.count != 3 { return "field 'input.mean' must have 3 numbers" }
    if input.std.count != 3 { return "field 'input.std' must have 3 numbers" }
    if !input.mean.allSatisfy(\.isFinite) { return "field 'input.mean' must be finite" }
    if !input.std.allSatisfy({ $0.isFinite && $0 > 0 }) {
      return "field 'input.std' must be above 0"
    }
    guard role == .encoder || role == .quality else { return nil }
    let sides = [("width", input.width), ("height", input.height)]
    if let (side, _) = sides.first(where: { $0.1 == nil }) {
      return "field 'input.\(side)' is missing"
    }
    if let (side, _) = sides.first(where: { !(1...Self.largestSide).contains($0.1 ?? 0) }) {
      return "field 'input.\(side)' must be 1 to \(Self.largestSide)"
    }
    if input.alignment == nil { return "field 'input.alignment' is missing" }
    if input.alignment == .clip && input.width != input.height {
      return "field 'input.height' must equal the width for alignment 'clip'"
    }
    return nil
  }

  private var outputProblem: String? {
    if kind == .exec { return execOutputProblem }
    guard role != .detector, kind != .diffusion else { return nil }
    guard let output else { return "field 'output' is missing" }
    if output.name.isEmpty { return "field 'output.name' is empty" }
    if output.width < 1 { return "field 'output.width' must be at least 1" }
    guard role == .generator else { return nil }
    if (output.height ?? 0) < 1 { return "field 'output.height' must be at least 1" }
    // A served generator may answer in pixels, which need no range.
    if kind == .remote && output.range == nil { return nil }
    guard let range = output.range, range.count == 2, range[0] < range[1] else {
      return "field 'output.range' must be two rising numbers"
    }
    return nil
  }

  /// Optional: where it is there, the size of every picture.
  private var execOutputProblem: String? {
    guard let output else { return nil }
    let sides = 1...Self.largestSide
    if !sides.contains(output.width) {
      return "field 'output.width' must be 1 to \(Self.largestSide)"
    }
    return sides.contains(output.height ?? 1)
      ? nil : "field 'output.height' must be 1 to \(Self.largestSide)"
  }

  private var thresholdsProblem: String? {
    if role != .encoder && !thresholds.isEmpty {
      return "field 'thresholds' is for encoders only"
    }
    for (index, entry) in thresholds.enumerated() {
      if !(entry.fmr > 0 && entry.fmr < 1) {
        return "field 'thresholds.\(index).fmr' must lie between 0 and 1"
      }
      if !(entry.similarity >= -1 && entry.similarity <= 1) {
        return "field 'thresholds.\(index).similarity' must lie in -1...1"
      }
    }
    return nil
  }
}
