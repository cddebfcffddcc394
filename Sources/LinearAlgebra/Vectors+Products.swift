import COpenBLAS
public import Domain

extension Vectors {
  /// The inner product of row `row` with row `otherRow` of `other`, summed in double in column order:
  /// the same bytes on any machine and any number of threads.
  /// - Precondition: both have the same width and hold the rows.
  public func dot(row: Int, _ other: Vectors, row otherRow: Int) -> Float {
    precondition(width == other.width && row < count && otherRow < other.count)
    let a = values.span
    let b = other.values.span
    var sum = 0.0
    for column in 0..<width {
      sum += Double(a[row * width + column]) * Double(b[otherRow * width + column])
    }
    return Float(sum)
  }

  /// All inner products, a·bᵀ: `count` × `other.count` floats, row-major. Cosines where both sides
  /// are unit vectors.
  ///
  /// One sgemm. The bytes repeat on one machine for the same shapes while OpenBLAS keeps to one
  /// thread (`BLASThreads`); they may differ in the last bit between machines, thread limits, or
  /// when the same row is multiplied within a block of another shape. For a sum whose order is fixed
  /// use `dot`.
  /// - Precondition: both have the same width.
  public func similarities(to other: Vectors) -> [Float] {
    precondition(width == other.width, "widths \(width) and \(other.width) differ")
    return Product.transposed(self, other)
  }
}

/// The two products this module needs, on row-major matrices.
enum Product {
  /// a·bᵀ, `a.count` × `b.count`.
  static func transposed(_ a: Vectors, _ b: Vectors) -> [Float] {
    BLASThreads.startSingle()
    guard a.count > 0 && b.count > 0 else { return [] }
    let rows = Int32(a.count)
    let columns = Int32(b.count)
    let inner = Int32(a.width)
    // The capacity is rows × columns; sgemm with beta 0 writes every value and reads none, and the
    // sources hold rows × inner and columns × inner values by the invariant of `Vectors`.
    return unsafe [Float](unsafeUninitializedCapacity: a.count * b.count) { out, filled in
      unsafe a.values.withUnsafeBufferPointer { a in
        unsafe b.values.withUnsafeBufferPointer { b in
          unsafe cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, inner, 1, a.baseAddress, inner,
            b.baseAddress, inner, 0, out.baseAddress, columns)
        }
      }
      filled = Int(rows) * Int(columns)
    }
  }

  /// a·b, `a.count` × `b.width`, where `a.width == b.count`.
  static func plain(_ a: Vectors, _ b: Vectors) -> [Float] {
    BLASThreads.startSingle()
    guard a.count > 0 else { return [] }
    let rows = Int32(a.count)
    let columns = Int32(b.width)
    let inner = Int32(a.width)
    // As above: beta is 0, and the sources hold rows × inner and inner × columns values.
    return unsafe [Float](unsafeUninitializedCapacity: a.count * b.width) { out, filled in
      unsafe a.values.withUnsafeBufferPointer { a in
        unsafe b.values.withUnsafeBufferPointer { b in
          unsafe cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, inner, 1, a.baseAddress,
            inner, b.baseAddress, columns, 0, out.baseAddress, columns)
        }
      }
      filled = Int(rows) * Int(columns)
    }
  }

  /// aᵀ·a, `a.width` × `a.width`.
  static func gramOfColumns(_ a: Vectors) -> [Float] {
    BLASThreads.startSingle()
    let rows = Int32(a.count)
    let columns = Int32(a.width)
    // As above: the source, read twice, holds rows × columns values.
    return unsafe [Float](unsafeUninitializedCapacity: a.width * a.width) { out, filled in
      unsafe a.values.withUnsafeBufferPointer { a in
        unsafe cblas_sgemm(
          CblasRowMajor, CblasTrans, CblasNoTrans, columns, columns, rows, 1, a.baseAddress,
          columns, a.baseAddress, columns, 0, out.baseAddress, columns)
      }
      filled = Int(columns) * Int(columns)
    }
  }
}

extension Vectors {
  /// The plain product self·other: `count` × `other.width`. Bytes as stated at `similarities(to:)`.
  /// - Precondition: `width == other.count`.
  public func multiplied(by other: Vectors) -> Vectors {
    precondition(width == other.count, "inner sizes \(width) and \(other.count) differ")
    return Vectors(count: count, width: other.width, values: Product.plain(self, other))
  }
}
