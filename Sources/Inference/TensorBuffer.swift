/// A tensor whose memory stays where it is from run to run: a network reads from it, or writes
/// into it, without a copy. For one thread at a time.
@safe public final class TensorBuffer {
  public let elementType: ElementType
  /// Extent of each dimension, outermost first; empty for a single number.
  public let shape: [Int]
  /// Numbers in it.
  public let count: Int
  /// Owned; `count` numbers of the type, all set from the start.
  private let memory: UnsafeMutableRawBufferPointer

  /// Zeros.
  /// - Precondition: every extent is positive.
  public init(_ elementType: ElementType, shape: [Int]) {
    precondition(shape.allSatisfy { $0 > 0 })
    self.elementType = elementType
    self.shape = shape
    count = shape.reduce(1, *)
    unsafe memory = .allocate(byteCount: count * elementType.byteCount, alignment: 64)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe memory.deallocate() }

  /// Lends the numbers of a float32 tensor.
  /// - Precondition: it is one.
  public func withFloats<Answer, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    precondition(elementType == .float32)
    // Safe: the memory is initialised, aligned, and outlives the closure.
    let numbers = unsafe memory.bindMemory(to: Float.self)
    var span = unsafe numbers.mutableSpan
    return try body(&span)
  }

  /// Writes the numbers from `place` on, converted as in `Tensor.init(shape:_:as:)`.
  /// - Precondition: they fit.
  public func store(_ values: Span<Float>, at place: Int = 0) {
    precondition(place >= 0 && place + values.count <= count)
    switch elementType {
    case .float32: fill(values, place) { $0 }
    case .float16: fill(values, place) { Float16($0) }
    case .float64: fill(values, place) { Double($0) }
    case .uint8: fill(values, place) { whole($0) as UInt8 }
    case .int32: fill(values, place) { whole($0) as Int32 }
    case .int64: fill(values, place) { whole($0) as Int64 }
    }
  }

  /// Writes the numbers of an array; see `store(_:at:)`.
  public func store(_ values: [Float], at place: Int = 0) { store(values.span, at: place) }

  /// Sets every number to one value.
  public func set(to value: Float) { store([Float](repeating: value, count: count)) }

  /// Copies the first `length` numbers to `place`.
  /// - Precondition: both stretches lie inside and do not overlap.
  public func repeatStart(_ length: Int, at place: Int) {
    precondition(length >= 0 && place >= length && place + length <= count)
    let size = elementType.byteCount
    // Safe: the stretches lie inside the memory and do not overlap.
    let source = unsafe UnsafeRawBufferPointer(rebasing: memory[..<(length * size)])
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[(place * size)...])
      .copyMemory(from: source)
  }

  /// Writes the first numbers of this tensor, of a floating type, into all of `target`.
  /// - Precondition: `target` is float32 and no longer than this.
  public func load(into target: TensorBuffer) {
    precondition(target.count <= count)
    target.withFloats { floats in
      switch elementType {
      case .float16: read(into: &floats) { (number: Float16) in Float(number) }
      case .float64: read(into: &floats) { (number: Double) in Float(number) }
      default: read(into: &floats) { (number: Float) in number }
      }
    }
  }

  /// Lends the memory to C for the length of a call.
  @unsafe func withMemory<Answer>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Answer
  ) rethrows -> Answer {
    try withExtendedLifetime(self) { try unsafe body(memory) }
  }

  private func fill<Number: BitwiseCopyable>(
    _ values: Span<Float>, _ place: Int, _ convert: (Float) -> Number
  ) {
    // Safe: the caller checked the range; the memory holds numbers of this type.
    let numbers = unsafe memory.bindMemory(to: Number.self)
    for index in values.indices { unsafe numbers[place + index] = convert(values[index]) }
  }

  private func read<Number: BitwiseCopyable>(
    into floats: inout MutableSpan<Float>, _ convert: (Number) -> Float
  ) {
    // Safe: the memory holds numbers of this type, at least as many as are asked for.
    let numbers = unsafe memory.bindMemory(to: Number.self)
    for index in floats.indices { floats[index] = unsafe convert(numbers[index]) }
  }
}
