/// What each row of a set has found so far: a fixed number of places per row, in one piece of memory.
///
/// A row is one thread's at a time.
struct NearFinds: Sendable {
  /// Places per row.
  let room: Int
  private let rows: SharedBuffer<UInt32>
  private let values: SharedBuffer<Float>
  private let counts: SharedBuffer<Int32>
  private let sure: SharedBuffer<Int32>

  init(count: Int, room: Int) {
    self.room = room
    rows = SharedBuffer(count: count * room, repeating: 0)
    values = SharedBuffer(count: count * room, repeating: 0)
    counts = SharedBuffer(count: count, repeating: 0)
    sure = SharedBuffer(count: count, repeating: 0)
  }

  static func bytes(count: Int, room: Int) -> Int { 8 * count * (room + 1) }

  /// Adds a row with its product.
  /// - Returns: true where the places are full.
  /// - Precondition: they were not.
  func add(_ other: UInt32, _ product: Float, to row: Int) -> Bool {
    let count = Int(counts[row])
    precondition(count < room)
    unsafe rows.pointer(at: row * room + count).pointee = other
    unsafe values.pointer(at: row * room + count).pointee = product
    unsafe counts.pointer(at: row).pointee = Int32(count + 1)
    return count + 1 == room
  }

  /// What a row has found: similarities of the first `sure`, products of the others.
  func list(_ row: Int) -> (rows: [UInt32], values: [Float], sure: Int) {
    let count = Int(counts[row])
    // The places of the row are this thread's.
    return unsafe (
      Array(UnsafeBufferPointer(start: rows.pointer(at: row * room), count: count)),
      Array(UnsafeBufferPointer(start: values.pointer(at: row * room), count: count)),
      Int(sure[row])
    )
  }

  /// Puts rows with their values in place of what was found.
  /// - Precondition: fewer than `room`.
  func replace(
    _ row: Int, by found: ArraySlice<UInt32>, _ values: ArraySlice<Float>, sure: Int
  ) {
    precondition(found.count < room && found.count == values.count)
    for (place, pair) in zip(found, values).enumerated() {
      unsafe rows.pointer(at: row * room + place).pointee = pair.0
      unsafe self.values.pointer(at: row * room + place).pointee = pair.1
    }
    unsafe counts.pointer(at: row).pointee = Int32(found.count)
    unsafe self.sure.pointer(at: row).pointee = Int32(sure)
  }
}
