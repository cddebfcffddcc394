import CZlib

/// Compression of answers (RFC 1952).
public enum Gzip {
  /// The compressed bytes; nil where they would not be fewer.
  ///
  /// The unsafe calls lend both arrays to the library for the time of one call.
  public static func compressed(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8]? {
    var stream = unsafe z_stream()
    guard bytes.count > 64, bytes.count < Int(UInt32.max),
      unsafe d2r_gzip_begin(&stream, level) == Z_OK
    else { return nil }
    defer { unsafe deflateEnd(&stream) }
    var source = bytes
    var packed = [UInt8](repeating: 0, count: bytes.count - 1)
    let answer = unsafe source.withUnsafeMutableBufferPointer { source in
      unsafe packed.withUnsafeMutableBufferPointer { packed in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = packed.baseAddress
        unsafe stream.avail_out = UInt32(packed.count)
        return unsafe deflate(&stream, Z_FINISH)
      }
    }
    guard answer == Z_STREAM_END else { return nil }
    return unsafe Array(packed.prefix(Int(stream.total_out)))
  }
}
