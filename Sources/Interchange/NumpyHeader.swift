/// The text at the start of an .npy file that says what follows: a Python dictionary literal with
/// exactly the keys descr, fortran_order and shape (NumPy's `numpy.lib.format`, versions 1 to 3).
///
/// It is read by a parser of its own for just this shape; nothing is ever evaluated.
struct NumpyHeader: Equatable {
  var kind: NumpyArray.Kind
  var shape: [Int]

  /// The longest header accepted, in bytes.
  static let longest = 65_536
  /// Latents and trajectories have four and five.
  static let mostDimensions = 8
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Values in the array, or nil where no file can hold them.
  var count: Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || product > 1 << 48 { return nil }
      count = product
    }
    return count
  }

  /// Reads the literal.
  /// - Throws: a clause that says what is wrong, and how to save the array so that it is not.
  init(literal: [UInt8]) throws(NumpyFault) {
    var parser = NumpyLiteral(bytes: literal)
    let entries = try parser.dictionary()
    guard entries.keys.sorted() == ["descr", "fortran_order", "shape"] else {
      throw NumpyFault("its header has the keys \(entries.keys.sorted().joined(separator: ", "))")
    }
    guard case .text(let descr) = entries["descr"] else {
      throw NumpyFault("it holds records, not plain numbers", remedy: "array['field']")
    }
    guard let kind = NumpyArray.Kind(rawValue: descr) else {
      throw NumpyFault(
        "its numbers are of type \(descr), not one of "
          + NumpyArray.Kind.allCases.map(\.rawValue).joined(separator: ", "),
        remedy: "array.astype('<f4')")
    }
    guard case .truth(let fortran) = entries["fortran_order"] else {
      throw NumpyFault("fortran_order is neither True nor False")
    }
    guard case .sizes(let shape) = entries["shape"] else {
      throw NumpyFault("its shape is not a tuple of sizes")
    }
    guard (1...Self.mostDimensions).contains(shape.count) else {
      throw NumpyFault(
        "it has \(shape.count) dimensions, not 1 to \(Self.mostDimensions)",
        remedy: "array.reshape(len(array), -1)")
    }
    // One row or one column lies the same in both orders, but NumPy writes those as C order.
    if fortran {
      throw NumpyFault(
        "it is stored column by column (Fortran order)", remedy: "np.ascontiguousarray(array)")
    }
    self.init(kind: kind, shape: shape)
  }

  init(kind: NumpyArray.Kind, shape: [Int]) {
    self.kind = kind
    self.shape = shape
  }

  /// The start of a version 1 file, padded so that the numbers begin at a multiple of 64 bytes.
  var bytes: [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text =
      "{'descr': '\(kind.rawValue)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let prefix = Self.magic.count + 4
    let total = (prefix + text.utf8.count + 1 + 63) / 64 * 64
    let padding = [UInt8](repeating: 0x20, count: total - prefix - text.utf8.count - 1)
    let length = UInt16(total - prefix)
    return Self.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
      + padding + [0x0A]
  }
}

/// What is wrong with an .npy file, before its name is known.
struct NumpyFault: Error, Equatable {
  /// A clause about the file as "it".
  var reason: String
  /// A Python expression that gives an array which can be read.
  var remedy: String?

  init(_ reason: String, remedy: String? = nil) {
    self.reason = reason
    self.remedy = remedy
  }
}
