import Domain
import Imaging
import Testing

struct PNGReaderTests {
  @Test(arguments: [false, true])
  func `8-bit RGB is read as stored, interlaced or not`(_ isInterlaced: Bool) throws {
    for (width, height) in [(1, 1), (3, 2), (8, 8), (13, 11)] {
      let picture = TestPictures.busy(width, height)
      let file = PNGBuilder(
        width: width, height: height, isInterlaced: isInterlaced,
        samples: picture.pixels.map(Int.init)
      ).file()
      let decoded = try PictureDecoder.decode(file)
      #expect(decoded.picture == picture)
      #expect(decoded.notes == [])
      #expect(decoded.storedWidth == width && decoded.storedHeight == height)
    }
  }

  @Test(arguments: [1, 2, 4, 8])
  func `grey of every depth is spread over 0 to 255`(_ depth: Int) throws {
    let most = 1 << depth - 1
    let samples = (0..<15).map { $0 * 17 % (most + 1) }
    let file = PNGBuilder(width: 5, height: 3, depth: depth, colourType: 0, samples: samples).file()
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture == TestPictures.grey(5, 3, samples.map { UInt8($0 * 255 / most) }))
    #expect(decoded.notes == [.greyToRGB])
  }

  @Test func `16-bit samples are rounded to 8`() throws {
    let samples = [0, 128, 129, 257, 32_768, 65_535]
    let file = PNGBuilder(width: 2, height: 1, depth: 16, samples: samples).file()
    let decoded = try PictureDecoder.decode(file)
    let expected = samples.map { UInt8((Double($0) * 255 / 65_535).rounded()) }
    #expect(decoded.picture.pixels == expected)
    #expect(decoded.notes == [.reducedFrom16Bit])
  }

  @Test func `a palette is looked up, its transparency laid over white`() throws {
    let palette: [UInt8] = [10, 20, 30, 200, 100, 0, 255, 255, 255]
    var png = PNGBuilder(
      width: 3, height: 1, depth: 2, colourType: 3, extras: [("PLTE", palette)],
      samples: [1, 0, 2])
    let opaque = try PictureDecoder.decode(png.file())
    #expect(opaque.picture.pixels == [200, 100, 0, 10, 20, 30, 255, 255, 255])
    #expect(opaque.notes == [])
    png.extras.append(("tRNS", [0, 128]))
    let flat = try PictureDecoder.decode(png.file())
    #expect(flat.picture.pixels == [227, 177, 127, 255, 255, 255, 255, 255, 255])
    #expect(flat.notes == [.alphaFlattened])
  }

  @Test func `alpha is laid over white, and opaque alpha is not worth a note`() throws {
    let rgba = [200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 51]
    let file = PNGBuilder(width: 3, height: 1, colourType: 6, samples: rgba).file()
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture.pixels == [200, 100, 50, 255, 255, 255, 244, 224, 214])
    #expect(decoded.notes == [.alphaFlattened])
    let opaque = PNGBuilder(width: 1, height: 1, colourType: 4, samples: [77, 255]).file()
    let grey = try PictureDecoder.decode(opaque)
    #expect(grey.picture.pixels == [77, 77, 77])
    #expect(grey.notes == [.greyToRGB])
  }

  @Test func `gamma is ignored: stored values are the values`() throws {
    let picture = TestPictures.busy(4, 4)
    let file = PNGBuilder(
      width: 4, height: 4, extras: [("gAMA", PNGBuilder.big(100_000))],
      samples: picture.pixels.map(Int.init)
    ).file()
    #expect(try PictureDecoder.decode(file).picture == picture)
  }

  @Test func `a wrong checksum is damage`() throws {
    var file = PNGBuilder(width: 2, height: 1, samples: [1, 2, 3, 4, 5, 6]).file()
    file[50] ^= 1
    #expect {
      try PictureDecoder.decode(file)
    } throws: {
      ($0 as? ImagingError)?.code == .damaged
    }
  }

  @Test func `a grey picture is written and read as grey`() throws {
    let levels = (0..<30).map { UInt8($0 * 8) }
    let file = try PictureEncoder.png(grey: levels, width: 6, height: 5)
    let decoded = try PictureDecoder.decode(file)
    #expect(decoded.picture == TestPictures.grey(6, 5, levels))
    #expect(decoded.notes == [.greyToRGB])
  }
}
