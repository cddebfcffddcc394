import Domain
import Files
import Interchange
import Testing

@Suite struct NumpyFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8]) throws -> NumpyArray {
    try AtomicFile.write(bytes, to: folder("a.npy"))
    return try NumpyFile.read(folder("a.npy"))
  }

  private func file(
    _ literal: String, version: UInt8 = 1, data: [UInt8] = []
  ) -> [UInt8] {
    let text = [UInt8](literal.utf8)
    let length: [UInt8] = (0..<(version == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: text.count >> (8 * $0))
    }
    return Self.magic + [version, 0] + length + text + data
  }

  static let magic = [0x93] + [UInt8]("NUMPY".utf8)
  static let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }"
  static let two: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]

  /// As NumPy 2 writes it: `np.save(f, np.array([[1, -2]], '<f4'))`, 136 bytes.
  static let saved: [UInt8] = magic + [1, 0, 0x76, 0] + savedHeader + padding + [0x0A] + two
  static let savedHeader =
    [UInt8]("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".utf8)
  static let padding = [UInt8](repeating: 0x20, count: 118 - 60)

  @Test func `a file is written byte for byte as NumPy does`() throws {
    try NumpyFile.write(Vectors(width: 2, rows: [[1, -2]]), to: folder("w.npy"))
    #expect(try FileReader.read(folder("w.npy")) == Self.saved)
    #expect(try NumpyFile.readVectors(folder("w.npy")) == Vectors(width: 2, rows: [[1, -2]]))
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func `versions 1 to 3 are read`(version: UInt8) throws {
    let array = try read(file(Self.header, version: version, data: Self.two))
    #expect(array.shape == [2, 1] && array.kind == .float32)
    #expect(array.values == .floats([1, -2]))
  }

  @Test func `every kind is read`() throws {
    func one(_ descr: String, _ data: [UInt8]) throws -> NumpyArray.Values {
      try read(
        file("{\"shape\": (1,), \"fortran_order\": False, \"descr\": \"\(descr)\"}\n", data: data)
      )
      .values
    }
    #expect(try one("<f2", [0x00, 0xC0]) == .floats([-2]))
    #expect(try one("<f4", [0, 0, 0x80, 0x3F]) == .floats([1]))
    #expect(try one("<f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]) == .doubles([1]))
    #expect(try one("<i8", [0xFE] + [UInt8](repeating: 0xFF, count: 7)) == .integers([-2]))
  }

  @Test func `whatever is written is read back, special values and all`() throws {
    let floats: [Float] = [
      .nan, -.infinity, -0.0, .leastNonzeroMagnitude, 1 / 3, .greatestFiniteMagnitude,
    ]
    let long = (0..<300_000).map { Float($0) / 7 }
    for values in [floats, [], long] {
      try NumpyFile.write(NumpyArray(values), to: folder("f.npy"))
      guard case .floats(let found) = try NumpyFile.read(folder("f.npy")).values else {
        Issue.record("not floats")
        continue
      }
      #expect(found.map(\.bitPattern) == values.map(\.bitPattern))
    }
    for array in [
      NumpyArray([1.5, -2] as [Double]), NumpyArray([.min, 0, .max] as [Int64]),
      NumpyArray(Vectors(count: 0, width: 4, values: [])),
      NumpyArray(Vectors(count: 3, width: 2, values: [1, 2, 3, 4, 5, 6])),
    ] {
      try NumpyFile.write(array, to: folder("x.npy"))
      #expect(try NumpyFile.read(folder("x.npy")) == array)
    }
  }

  @Test func `float16 survives a round trip`() throws {
    let data: [UInt8] = [0x00, 0x3C, 0x01, 0x00, 0xFF, 0x7B, 0x00, 0x80]
    let bytes = file("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }\n", data: data)
    let array = try read(bytes)
    #expect(array.values == .floats([1, 0x1p-24, 65504, -0.0]))
    try NumpyFile.write(array, to: folder("half.npy"))
    #expect(try FileReader.read(folder("half.npy")).suffix(8) == data[...])
  }

  @Test func `every cut and every growth of a file is refused`() throws {
    for count in 0..<Self.saved.count {
      let error = failure { _ = try read(Array(Self.saved[..<count])) }
      #expect(error?.code == .badNumpy, "\(count) bytes")
    }
    let error = failure { _ = try read(Self.saved + [0]) }
    #expect(
      error?.message.hasSuffix(
        "it has 9 bytes of numbers where its header promises 1 × 2 of float32") == true)
  }

  @Test func `no changed header byte crashes or gives other than an array`() throws {
    for place in 0..<72 {
      for value in [0x20, 0x27, 0x29, 0x39, 0x5B, 0xFF] as [UInt8] {
        var bytes = Self.saved
        bytes[place] = value
        try AtomicFile.write(bytes, to: folder("m.npy"))
        let array = try? NumpyFile.read(folder("m.npy"))
        #expect((array?.shape.reduce(1, *) ?? 2) <= 4, "byte \(place) is \(value)")
      }
    }
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }", "Fortran order"),
    ("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 1), }", "type >f4"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "type |O"),
    ("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }", "records"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "0 dimensions"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 2), }",
      "9 dimensions"
    ),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", "not a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "plain whole number"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,), }", "missing"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (0x2,), }", "missing"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999, 999999999999999999), }",
      "promises"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999999,), }",
      "plain whole number"
    ),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "unknown value"),
    ("{'descr': '<f4', 'shape': (2,), }", "the keys descr, shape"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "twice"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': True}", "the keys"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + os.system('id')", "follows"),
    ("__import__('os')", "missing"), ("", "missing"), ("{", "missing"), ("{'a", "open"),
    ("{'descr': '<f4\\n', 'fortran_order': False, 'shape': (2,)}", "plain characters"),
    ("{'descr': ", "early"), ("{'shape': [2]}", "list"),
  ])
  func `a header that is not one is refused with its fault`(literal: String, words: String) {
    let error = failure { _ = try read(file(literal, data: Self.two)) }
    #expect(error?.code == .badNumpy)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "accepted")")
    #expect(error?.hint?.contains("np.save") == true)
  }

  @Test func `the hint for Fortran order says how to fix it`() {
    let literal = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }"
    let error = failure { _ = try read(file(literal, data: Self.two)) }
    #expect(
      error?.hint
        == "save it again in Python: np.save('fixed.npy', np.ascontiguousarray(array))")
  }

  @Test func `a header that claims to be huge allocates nothing`() {
    let bytes = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(failure { _ = try read(bytes) }?.message.contains("4294967295 bytes") == true)
    #expect(failure { _ = try read([1] + bytes) }?.message.contains("begin like") == true)
    let four = [0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0, 0, 0]
    #expect(failure { _ = try read(four) }?.message.contains("version 4.0") == true)
  }

  @Test func `shapes are checked where rows or one vector are wanted`() throws {
    let rows = NumpyArray(Vectors(count: 2, width: 2, values: [1, 2, 3, 4]))
    let line = NumpyArray([1, 2] as [Float])
    let single = NumpyArray(Vectors(count: 1, width: 2, values: [1, 2]))
    #expect(try line.vector(named: "l.npy") == [1, 2])
    #expect(try single.vector(named: "l.npy") == [1, 2])
    let error = failure { _ = try rows.vector(named: "r.npy") }
    #expect(error?.code == .wrongShape)
    #expect(error?.message == "r.npy holds float32 [2 × 2], not one vector of floats")
    #expect(failure { _ = try line.vectors(named: "l.npy") }?.code == .wrongShape)
    #expect(failure { _ = try NumpyArray([1] as [Int64]).vector(named: "i") }?.code == .wrongShape)
    #expect(failure { _ = try NumpyArray([] as [Float]).vector(named: "i") }?.code == .wrongShape)
    #expect(try NumpyArray([1, 2] as [Double]).vector(named: "d") == [1, 2])
  }

  @Test func `a missing file is missing`() {
    #expect(failure { _ = try NumpyFile.read(folder("none.npy")) }?.code == .missing)
  }
}
