internal import Files

/// The files of weights that an ONNX graph reads by itself: protobuf holds at most 2 GB, so larger
/// networks keep their tensors beside the graph.
enum ExternalData {
  /// Field 1 of a `StringStringEntryProto` with the key "location"; field 2, the value, follows.
  private static let mark: [UInt8] = [0x0A, 0x08] + Array("location".utf8) + [0x12]

  /// The names a graph gives, each once, sorted. A name is at most 255 bytes of UTF-8.
  static func names(in graph: MappedFile) -> [String] {
    var names: Set<String> = []
    var place = 0
    while let found = graph.firstPlace(of: mark, from: place) {
      place = found + mark.count
      if let name = name(graph, at: place) { names.insert(name) }
    }
    return names.sorted()
  }

  /// A length as one or two base-128 digits, then so many bytes.
  private static func name(_ graph: MappedFile, at place: Int) -> String? {
    let digits = graph.bytes(place..<min(place + 2, graph.byteCount)).map(Int.init)
    guard digits.count == 2 else { return nil }
    let isLong = digits[0] > 127
    let length = isLong ? digits[0] - 128 + 128 * digits[1] : digits[0]
    let start = place + (isLong ? 2 : 1)
    guard (1...255).contains(length), start + length <= graph.byteCount else { return nil }
    return String(validating: graph.bytes(start..<start + length), as: UTF8.self)
  }
}
