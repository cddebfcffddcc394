import Domain
import Imaging
import Testing

/// The truth is that of Pillow 13.0.0, ImageOps.exif_transpose, on the 2 x 3 picture 0 1 / 2 3 / 4 5.
struct OrientationTests {
  private static let upright: [(Int, [UInt8])] = [
    (1, [0, 1, 2, 3, 4, 5]), (2, [1, 0, 3, 2, 5, 4]), (3, [5, 4, 3, 2, 1, 0]),
    (4, [4, 5, 2, 3, 0, 1]), (5, [0, 2, 4, 1, 3, 5]), (6, [4, 2, 0, 5, 3, 1]),
    (7, [5, 3, 1, 4, 2, 0]), (8, [1, 3, 5, 0, 2, 4]),
  ]

  @Test(arguments: upright, [false, true])
  func `all eight EXIF orientations are turned upright`(
    _ row: (orientation: Int, levels: [UInt8]), _ littleEndian: Bool
  ) throws {
    let exif = EXIFBuilder.block(orientation: row.orientation, littleEndian: littleEndian)
    let file = PNGBuilder(
      width: 2, height: 3, colourType: 0, extras: [("eXIf", exif)], samples: Array(0...5)
    ).file()
    let decoded = try PictureDecoder.decode(file)
    let (width, height) = row.orientation < 5 ? (2, 3) : (3, 2)
    #expect(decoded.picture == TestPictures.grey(width, height, row.levels))
    #expect(decoded.storedWidth == 2 && decoded.storedHeight == 3)
    #expect(decoded.notes.contains(.rotatedByEXIF(row.orientation)) == (row.orientation != 1))
  }

  @Test func `a JPEG is turned by its APP1 segment`() throws {
    let plain = try PictureEncoder.jpeg(TestPictures.ramp(20, 10))
    let body = Array("Exif\0\0".utf8) + EXIFBuilder.block(orientation: 6)
    let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
    let turned = try PictureDecoder.decode(
      [UInt8](plain.prefix(2)) + segment + [UInt8](plain.dropFirst(2)))
    let stored = try PictureDecoder.decode(plain).picture
    #expect(turned.notes == [.rotatedByEXIF(6)])
    #expect(turned.picture.width == 10 && turned.picture.height == 20)
    for y in 0..<20 {
      for x in 0..<10 {
        let from = 3 * ((9 - x) * 20 + y)
        #expect(turned.picture.pixels[3 * (y * 10 + x)] == stored.pixels[from])
      }
    }
  }

  @Test func `a WebP is turned by its EXIF chunk`() throws {
    // Pillow 13.0.0: Image.new("RGB", (3, 2), "red").save(b, "WEBP", lossless=True, exif=e), e[274] = 6
    let file = TestPictures.base64(
      "UklGRlAAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TA8AAAAvAkAAAAcQ/Y/+ByKi/wEARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA=="
    )
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture == Picture(width: 2, height: 3, red: 255, green: 0, blue: 0))
    #expect(decoded.storedWidth == 3 && decoded.notes == [.rotatedByEXIF(6)])
  }

  @Test(arguments: [0, 9, 255])
  func `an orientation outside 1 to 8 is ignored`(_ orientation: Int) throws {
    let file = PNGBuilder(
      width: 2, height: 1, extras: [("eXIf", EXIFBuilder.block(orientation: orientation))],
      samples: [1, 2, 3, 4, 5, 6]
    ).file()
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture.pixels == [1, 2, 3, 4, 5, 6] && decoded.notes == [])
  }

  @Test func `an EXIF block cut or scrambled anywhere is ignored or read, never a crash`() throws {
    let whole = EXIFBuilder.block(orientation: 6)
    var blocks = whole.indices.map { Array(whole.prefix($0)) }
    for index in whole.indices {
      for value in [UInt8(0), 0x7F, 0xFF] {
        var block = whole
        block[index] = value
        blocks.append(block)
      }
    }
    for block in blocks {
      let file = PNGBuilder(
        width: 1, height: 1, extras: [("eXIf", block)], samples: [1, 2, 3]
      ).file()
      #expect(try PictureDecoder.decode(file).picture.pixels == [1, 2, 3])
    }
  }
}
