import Cryptography
import Diagnostics
import Files
import Interchange

/// A Δ as a file: safetensors with its metadata inside, or `.npy` with a JSON file of the same
/// metadata beside it. The metadata holds the SHA-256 of the values.
struct OffsetFile: Equatable {
  /// What the metadata's `format` says.
  static let format = "d2r-curate delta 1"
  /// The longest header accepted, in bytes.
  private static let longest = 1 << 20

  var values: [Float]
  /// Sizes of the dimensions; their product is the number of values.
  var shape: [Int]
  /// Texts by name, as safetensors has them.
  var metadata: [String: String]

  /// SHA-256, in hex, of the values as little-endian float32.
  static func digest(of values: [Float]) -> String { SHA256.hex(of: bytes(of: values)) }

  func write(to path: String) throws {
    let text = JSONValue.object(metadata.mapValues { .string($0) })
    guard Self.isSafetensors(path) else {
      try AtomicFile.write(text: text.pretty + "\n", to: path + ".json")
      return try NumpyFile.write(NumpyArray(shape: shape, values), to: path)
    }
    let header: JSONValue = [
      "__metadata__": text,
      "delta": [
        "dtype": "F32", "shape": .array(shape.map { .int($0) }),
        "data_offsets": [0, .int(4 * values.count)],
      ],
    ]
    var head = Array(header.compact.utf8)
    // Values begin at a multiple of 8 bytes; the format pads with spaces.
    head += [UInt8](repeating: 0x20, count: (8 - head.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: head.count >> (8 * $0)) }
    try AtomicFile.write(length + head + Self.bytes(of: values), to: path)
  }

  /// - Throws: `CurationError.badVectors` where the file is none of these, is damaged or was changed.
  static func read(_ path: String) throws -> OffsetFile {
    let file = isSafetensors(path) ? try readSafetensors(path) : try readNumpy(path)
    guard file.metadata["format"] == format else {
      throw unfit(path, "its metadata is not that of a Δ")
    }
    guard file.metadata["sha256"] == digest(of: file.values) else {
      throw unfit(path, "its values are not those its digest was taken of")
    }
    guard file.values.allSatisfy(\.isFinite) else {
      throw unfit(path, "it has a value that is not finite")
    }
    return file
  }

  private static func readNumpy(_ path: String) throws -> OffsetFile {
    let array = try NumpyFile.read(path)
    guard let values = array.values.asFloats else { throw unfit(path, "it holds no floats") }
    guard FileSystem.exists(path + ".json") else {
      throw CurationError(
        .badVectors, "\(path).json, which says what the Δ in \(path) is of, is missing",
        hint: "keep both files that delta export wrote together, or export as .safetensors")
    }
    let text = try FileReader.read(path + ".json", limit: longest)
    return OffsetFile(
      values: values, shape: array.shape, metadata: texts(try? JSONValue(parsing: text)))
  }

  private static func readSafetensors(_ path: String) throws -> OffsetFile {
    let bytes = try FileReader.read(path, limit: 1 << 28)
    guard bytes.count >= 8 else { throw unfit(path, "it ends inside its header") }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(longest, bytes.count - 8)) else {
      throw unfit(path, "it ends inside its header")
    }
    let start = 8 + Int(length)
    let header = try? JSONValue(parsing: Array(bytes[8..<start]))
    guard let tensor = header?["delta"], tensor["dtype"]?.stringValue == "F32" else {
      throw unfit(path, "it has no float32 tensor named delta")
    }
    let shape = (tensor["shape"]?.arrayValue ?? []).compactMap(\.intValue)
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { throw unfit(path, "its shape is \(shape)") }
      count = product
    }
    let data = bytes[start...]
    guard !shape.isEmpty, tensor["data_offsets"] == [0, .int(4 * min(count, 1 << 40))],
      data.count == 4 * count
    else { throw unfit(path, "it has \(data.count) bytes of values for a shape of \(shape)") }
    let values = (0..<count).map { index in
      let place = start + 4 * index
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits)
    }
    return OffsetFile(values: values, shape: shape, metadata: texts(header?["__metadata__"]))
  }

  private static func texts(_ value: JSONValue?) -> [String: String] {
    (value?.objectValue ?? [:]).compactMapValues(\.stringValue)
  }

  private static func isSafetensors(_ path: String) -> Bool { path.hasSuffix(".safetensors") }

  private static func bytes(of values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      for shift in [UInt32(0), 8, 16, 24] {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    return bytes
  }

  private static func unfit(_ path: String, _ reason: String) -> CurationError {
    CurationError(
      .badVectors, "\(path) cannot be taken for a Δ: \(reason)",
      hint: "write it anew with: d2r-curate delta export FILE")
  }
}
