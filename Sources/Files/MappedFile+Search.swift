import Glibc

extension MappedFile {
  /// Where `pattern` stands in the file for the first time from byte `start` on; nil where it does not.
  /// - Precondition: the pattern is not empty and `start` is not negative.
  public func firstPlace(of pattern: [UInt8], from start: Int = 0) -> Int? {
    precondition(!pattern.isEmpty && start >= 0)
    return withBytes { span in
      // Safe: every place looked at lies below the count.
      unsafe span.withUnsafeBytes { bytes in
        var place = start
        while let base = bytes.baseAddress, place + pattern.count <= bytes.count,
          let found = unsafe memchr(
            base + place, CInt(pattern[0]), bytes.count - pattern.count + 1 - place)
        {
          place = unsafe UnsafeRawPointer(found) - base
          if pattern.indices.allSatisfy({ unsafe bytes[place + $0] == pattern[$0] }) {
            return place
          }
          place += 1
        }
        return nil
      }
    }
  }
}
