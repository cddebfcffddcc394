public import Domain
public import Files

/// NumPy's .npy files: versions 1, 2 and 3, row-major, little endian, one to eight dimensions of
/// float16, float32, float64 or int64.
///
/// What was not written by us is not trusted: the header is parsed, never evaluated, and nothing
/// is allocated before the file is known to be as long as it says.
public enum NumpyFile {
  /// The whole array. float16 becomes float32, exactly.
  /// - Throws: `badNumpy` with what is wrong and how to save the array so that it can be read.
  public static func read(_ path: String) throws(InterchangeError) -> NumpyArray {
    let opened = try open(path)
    let values = NumpyNumbers.read(
      opened.file, from: opened.start, opened.kind, count: opened.shape.reduce(1, *))
    return NumpyArray(kind: opened.kind, shape: opened.shape, values: values)
  }

  /// An array whose numbers have not been read yet.
  struct Opened {
    var file: MappedFile
    /// The first byte of the numbers.
    var start: Int
    var kind: NumpyArray.Kind
    var shape: [Int]
  }

  /// Maps the file and checks that it is as long as its header says.
  static func open(_ path: String) throws(InterchangeError) -> Opened {
    let file = try withFiles { () throws(FilesError) in try MappedFile(path) }
    do throws(NumpyFault) {
      let (header, start) = try header(of: file)
      guard let count = header.count, file.byteCount - start == count * header.kind.byteCount else {
        throw NumpyFault(
          "it has \(file.byteCount - start) bytes of numbers where its header promises "
            + "\(header.shape.map(String.init).joined(separator: " × ")) of \(header.kind)")
      }
      return Opened(file: file, start: start, kind: header.kind, shape: header.shape)
    } catch {
      throw InterchangeError(error, in: path)
    }
  }

  /// The rows of a two-dimensional float array; see `NumpyArray.vectors`.
  public static func readVectors(_ path: String) throws(InterchangeError) -> Vectors {
    try read(path).vectors(named: path)
  }

  /// The single vector of an array shaped [n] or [1, n]; see `NumpyArray.vector`.
  public static func readVector(_ path: String) throws(InterchangeError) -> [Float] {
    try read(path).vector(named: path)
  }

  /// Writes the array as a version 1 file that is there whole or not at all. float16 arrays are
  /// rounded back to what they were read from.
  public static func write(
    _ array: NumpyArray, to path: String, faults: FileFaults? = nil
  ) throws(InterchangeError) {
    try withFiles { () throws(FilesError) in
      try AtomicFile.write(to: path, faults: faults) { (sink) throws(FilesError) in
        try sink.append(NumpyHeader(kind: array.kind, shape: array.shape).bytes)
        try NumpyNumbers.write(array, to: sink)
      }
    }
  }

  /// Writes rows as a float32 array of `count` × `width`.
  public static func write(
    _ vectors: Vectors, to path: String, faults: FileFaults? = nil
  ) throws(InterchangeError) {
    try write(NumpyArray(vectors), to: path, faults: faults)
  }

  /// The header, and where the numbers start.
  private static func header(
    of file: MappedFile
  ) throws(NumpyFault) -> (header: NumpyHeader, start: Int) {
    let first = file.bytes(0..<min(12, file.byteCount))
    guard first.starts(with: NumpyHeader.magic) else {
      throw NumpyFault("it does not begin like an .npy file")
    }
    guard first.count == 12 else { throw NumpyFault("it ends inside its header") }
    let (major, minor) = (first[6], first[7])
    guard (1...3).contains(major), minor == 0 else {
      throw NumpyFault("it is of version \(major).\(minor), not 1.0, 2.0 or 3.0")
    }
    let prefix = major == 1 ? 10 : 12
    let length = first[8..<prefix].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NumpyHeader.longest else {
      throw NumpyFault("its header claims \(length) bytes, more than \(NumpyHeader.longest)")
    }
    guard prefix + length <= file.byteCount else { throw NumpyFault("it ends inside its header") }
    let literal = file.bytes(prefix..<prefix + length)
    return (try NumpyHeader(literal: literal), prefix + length)
  }
}

extension InterchangeError {
  fileprivate init(_ fault: NumpyFault, in path: String) {
    let array = fault.remedy ?? "array"
    self.init(
      code: .badNumpy, message: "\(path) cannot be read as an array: \(fault.reason)",
      hint: "save it again in Python: np.save('fixed.npy', \(array))")
  }
}
