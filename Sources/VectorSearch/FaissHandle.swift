import CFaissShim
import Domain

/// Owns one faiss index and passes every call through one funnel.
///
/// Sendable, because a built index is never changed and faiss allows any number of threads to
/// search it at once.
@safe final class FaissHandle: Sendable {
  private nonisolated(unsafe) let index: OpaquePointer
  let isExact: Bool
  let hasRangeSearch: Bool

  /// - Precondition: `rows` is not empty.
  init(_ rows: Vectors, factory: String, settings: String) throws(VectorSearchError) {
    var made: OpaquePointer?
    var abilities = CFaissAbilities()
    // faiss copies the rows; the strings and results are lent for the call only.
    let failure = unsafe Self.call { message in
      unsafe rows.values.withUnsafeBufferPointer { values in
        unsafe cfaiss_build(
          factory, settings, Int32(clamping: rows.width), Int64(rows.count), values.baseAddress,
          &made, &abilities, message)
      }
    }
    guard failure == nil, let made = unsafe made else {
      throw .factoryFailed(factory, settings, rows.count, failure ?? "no index was made")
    }
    unsafe index = made
    isExact = abilities.is_exact != 0
    hasRangeSearch = abilities.has_range_search != 0
  }

  deinit { unsafe cfaiss_free(index) }

  /// faiss's own candidates for the `k` best targets: for each query the labels it found, best
  /// first, and the smallest similarity among them by faiss's reckoning.
  func search(
    _ queries: Vectors, _ block: Range<Int>, k: Int
  ) throws(VectorSearchError) -> [Candidates] {
    var similarities = [Float](repeating: 0, count: block.count * k)
    var labels = [Int64](repeating: -1, count: block.count * k)
    // The block lies inside `queries`; both results have the `block.count * k` places faiss fills.
    let failure = unsafe Self.call { message in
      unsafe queries.values.withUnsafeBufferPointer { values in
        let start = unsafe values.baseAddress.map { unsafe $0 + block.lowerBound * queries.width }
        return unsafe cfaiss_search(
          index, Int64(block.count), start, Int64(k), &similarities, &labels, message)
      }
    }
    if let failure { throw .engineFailed("searching", failure) }
    return (0..<block.count).map { query in
      let places = query * k..<(query + 1) * k
      let found = places.filter { labels[$0] >= 0 }
      return Candidates(
        targets: found.map { Int(labels[$0]) }, smallest: found.last.map { similarities[$0] })
    }
  }

  /// faiss's own candidates with similarity above `floor`, in no order.
  func range(
    _ queries: Vectors, _ block: Range<Int>, above floor: Float
  ) throws(VectorSearchError) -> [Candidates] {
    var answer: OpaquePointer?
    // The block lies inside `queries`.
    let failure = unsafe Self.call { message in
      unsafe queries.values.withUnsafeBufferPointer { values in
        let start = unsafe values.baseAddress.map { unsafe $0 + block.lowerBound * queries.width }
        return unsafe cfaiss_range(index, Int64(block.count), start, floor, &answer, message)
      }
    }
    guard failure == nil, let answer = unsafe answer else {
      throw .engineFailed("searching", failure ?? "no answer")
    }
    defer { unsafe cfaiss_range_free(answer) }
    return unsafe Self.candidates(answer, count: block.count)
  }

  private static func candidates(_ answer: OpaquePointer, count: Int) -> [Candidates] {
    // The limits are `count + 1` rising numbers, and the last is how many labels there are.
    guard let limits = unsafe cfaiss_range_limits(answer) else { return [] }
    let labels = unsafe cfaiss_range_labels(answer)
    return (0..<count).map { query in
      let (start, end) = unsafe (limits[query], limits[query + 1])
      guard let labels = unsafe labels, end > start else { return Candidates() }
      let found = unsafe UnsafeBufferPointer(start: labels + start, count: end - start)
      return Candidates(targets: unsafe found.map { Int($0) })
    }
  }

  /// The funnel: runs a call of the shim and returns its message where it failed.
  private static func call(_ body: (CFaissMessage) -> Int32) -> String? {
    var text = [CChar](repeating: 0, count: 1024)
    // The shim writes at most `capacity` bytes with a zero at their end, during the call.
    let status = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe body(CFaissMessage(text: buffer.baseAddress, capacity: Int32(buffer.count)))
    }
    if status == 0 { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// What faiss proposes for one query.
struct Candidates {
  var targets: [Int] = []
  /// By faiss's reckoning; nil where there is none or it was not asked for.
  var smallest: Float?
}

extension VectorSearchError {
  fileprivate static func factoryFailed(
    _ factory: String, _ settings: String, _ count: Int, _ reason: String
  ) -> Self {
    let extra = settings.isEmpty ? "" : " with \(settings)"
    return Self(
      code: .badFactory,
      message: "cannot make the index \"\(factory)\"\(extra) over \(count) vectors: "
        + tidy(reason),
      hint: "use Flat for exact answers, or IVF256,Flat or HNSW32 for approximate ones")
  }

  fileprivate static func engineFailed(_ action: String, _ reason: String) -> Self {
    Self(code: .engine, message: "\(action) the index failed: \(tidy(reason))")
  }

  /// faiss's messages begin with the place in its source: "Error in FUNCTION at FILE:LINE: …".
  private static func tidy(_ reason: String) -> String {
    let line = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    guard line.hasPrefix("Error in "), let colon = line.firstRange(of: ": ") else { return line }
    return String(line[colon.upperBound...])
  }
}
