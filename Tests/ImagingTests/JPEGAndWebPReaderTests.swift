import Domain
import Imaging
import Testing

struct JPEGAndWebPReaderTests {
  @Test func `CMYK becomes RGB as Pillow does it`() throws {
    // Pillow 13.0.0: Image.frombytes("CMYK", (8, 8), bytes([10, 100, 180, 40]) * 64)
    //   .save(b, "JPEG", quality=95, optimize=True); Image.open(b).convert("RGB")
    let file = TestPictures.base64(
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAkHCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AdRbGKyuP/9k="
    )
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture == Picture(width: 8, height: 8, red: 207, green: 131, blue: 63))
    #expect(decoded.notes == [.cmykConverted])
  }

  @Test func `a 12-bit JPEG is refused with the number`() throws {
    var jpeg = try PictureEncoder.jpeg(TestPictures.busy(9, 7))
    let frame = jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }
    jpeg[try #require(frame) + 4] = 12
    #expect {
      try PictureDecoder.decode(jpeg)
    } throws: { error in
      let error = error as? ImagingError
      return error?.code == .unsupported && error?.message.contains("12 bits") == true
    }
  }

  @Test func `WebP alpha is laid over white`() throws {
    // Pillow 13.0.0: Image.new("RGBA", (3, 2), (200, 100, 50, 128)).save(b, "WEBP", lossless=True)
    let file = TestPictures.base64("UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAEAdQsiJXpoCBiOh/AAA=")
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture == Picture(width: 3, height: 2, red: 227, green: 177, blue: 152))
    #expect(decoded.notes == [.alphaFlattened])
  }

  @Test func `animated WebP is refused with its reason`() throws {
    // Pillow 13.0.0: a red, then a blue 2 x 2 picture, save_all=True, lossless=True
    let file = TestPictures.base64(
      "UklGRoQAAABXRUJQVlA4WAoAAAACAAAAAQAAAQAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAAAEAAAEAAAAAAAJWUDhMDwAAAC8BQAAABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAAAEAAAEAAAAAAABWUDhMDwAAAC8BQAAABxDR//4HIqL/AQA="
    )
    #expect {
      try PictureDecoder.decode(file)
    } throws: { error in
      let error = error as? ImagingError
      return error?.code == .unsupported && error?.message.contains("animated") == true
    }
  }

  @Test func `a WebP too large for the format cannot be written`() {
    let wide = Picture(width: 16_384, height: 1, red: 0, green: 0, blue: 0)
    #expect {
      try PictureEncoder.webp(wide)
    } throws: {
      ($0 as? ImagingError)?.code == .notEncoded
    }
  }
}
