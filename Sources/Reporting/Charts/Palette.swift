import Domain

/// The colours of every figure, after Okabe and Ito, "Color Universal Design" (2008): told apart with
/// any common form of colour blindness. The dark tones are lighter versions of the same hues; each tone
/// has at least 3 : 1 contrast on its own background.
enum Palette {
  /// A colour on light and on dark ground, as 0xRRGGBB.
  struct Tone: Sendable {
    var light: UInt32
    var dark: UInt32
  }

  static let ground = Tone(light: 0xFCFBF8, dark: 0x15171B)
  static let ink = Tone(light: 0x1D1F23, dark: 0xE8E6E1)
  static let muted = Tone(light: 0x5F636B, dark: 0xA3A6AD)
  static let rule = Tone(light: 0xDAD7D0, dark: 0x363A42)

  /// Tones by style class.
  static let tones: [(name: String, tone: Tone)] = [
    ("digital", Tone(light: 0x0072B2, dark: 0x56B4E9)),
    ("real", Tone(light: 0xD55E00, dark: 0xF2914A)),
    ("generated", Tone(light: 0x00876A, dark: 0x2BC79A)),
    ("reference", Tone(light: 0xB0568A, dark: 0xE0A0C4)),
    ("genuine", Tone(light: 0x0072B2, dark: 0x56B4E9)),
    ("impostor", Tone(light: 0x6B6F78, dark: 0xA3A6AD)),
    ("leak", Tone(light: 0xD55E00, dark: 0xF2914A)),
  ]

  /// The page's own tones by variable name.
  static let surfaces: [(name: String, tone: Tone)] = [
    ("ground", ground), ("ink", ink), ("muted", muted), ("rule", rule),
    ("surface", Tone(light: 0xFFFFFF, dark: 0x1B1E23)),
    ("edge", Tone(light: 0xB4B0A7, dark: 0x555A64)),
    ("hover", Tone(light: 0xF4F2EC, dark: 0x1D2026)),
    ("warn", Tone(light: 0x8A6100, dark: 0xE6B84A)),
    ("shortfall", Tone(light: 0xE7B07F, dark: 0x9A5A2C)),
  ]

  /// The most frequent identities of a map, by variable name; all others share one grey.
  static let identities: [(name: String, tone: Tone)] = [
    ("c0", Tone(light: 0x0072B2, dark: 0x56B4E9)), ("c1", Tone(light: 0xD55E00, dark: 0xF2914A)),
    ("c2", Tone(light: 0x00876A, dark: 0x2BC79A)), ("c3", Tone(light: 0xB0568A, dark: 0xE0A0C4)),
    ("c4", Tone(light: 0xB07C00, dark: 0xF0C75E)), ("c5", Tone(light: 0x3F9BD1, dark: 0x9BD3F5)),
    ("c6", Tone(light: 0x9A8F00, dark: 0xF0E442)), ("c7", Tone(light: 0x1D1F23, dark: 0xFFFFFF)),
  ]

  static func light(_ population: Population) -> UInt32 {
    tones.first { $0.name == population.rawValue }?.tone.light ?? ink.light
  }

  static func hex(_ colour: UInt32) -> String {
    let digits = String(colour & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

extension HistogramSeries.Role {
  /// The style class that carries the colour.
  var styleClass: String {
    switch self {
    case .genuine: "genuine"
    case .impostor: "impostor"
    case .leakCandidate: "leak"
    case .population(let population): population.rawValue
    }
  }
}
