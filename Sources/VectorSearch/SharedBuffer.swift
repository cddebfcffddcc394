/// Memory that several threads fill, each its own part, and that is only read afterwards.
@safe final class SharedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  // Owned: allocated here and freed in `deinit`, so it outlives every use through `self`.
  private let start: UnsafeMutablePointer<Element>

  /// All elements are `value` at first.
  init(count: Int, repeating value: Element) {
    self.count = count
    unsafe start = .allocate(capacity: max(1, count))
    unsafe start.initialize(repeating: value, count: count)
  }

  deinit { unsafe start.deallocate() }

  /// The place of element `index`. Whoever writes there is the only one to touch it at that time.
  /// - Precondition: `index` is in `0...count`.
  @unsafe func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index <= count)
    return unsafe start + index
  }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return unsafe start[index]
  }
}
