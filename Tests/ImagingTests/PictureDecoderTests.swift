import Domain
import Imaging
import Testing

struct PictureDecoderTests {
  private func code(_ bytes: [UInt8], limits: DecodeLimits = .standard) -> ImagingError.Code? {
    do throws(ImagingError) {
      _ = try PictureDecoder.decode(bytes, limits: limits)
      return nil
    } catch {
      return error.code
    }
  }

  private func message(_ bytes: [UInt8]) -> String {
    do throws(ImagingError) {
      _ = try PictureDecoder.decode(bytes)
      return ""
    } catch {
      return error.message
    }
  }

  @Test func `the format is told by the first bytes`() throws {
    let picture = TestPictures.busy(9, 7)
    #expect(PictureDecoder.sniff(try PictureEncoder.png(picture)) == .png)
    #expect(PictureDecoder.sniff(try PictureEncoder.jpeg(picture)) == .jpeg)
    #expect(PictureDecoder.sniff(try PictureEncoder.webp(picture)) == .webp)
    #expect(PictureDecoder.sniff([]) == nil)
    #expect(PictureDecoder.sniff(Array("RIFF....WAVE".utf8)) == nil)
  }

  @Test func `no bytes are refused as empty`() {
    #expect(code([]) == .empty)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html>", "HTML/text"), ("hello, reader", "text"), ("%PDF-1.7", "PDF"),
    ("PK\u{3}\u{4}rest", "ZIP"), ("\u{1}\u{2}\u{3}", "unknown"), ("\0\0\0\0", "zero bytes"),
  ])
  func `other files are refused with what they look like`(_ text: String, _ word: String) {
    #expect(code(Array(text.utf8)) == .notAPicture)
    #expect(message(Array(text.utf8)).contains("looks like \(word) "))
  }

  @Test(arguments: [
    (Array("GIF89a".utf8), "GIF"), (Array("II*\0".utf8), "TIFF"),
    (Array("\0\0\0\u{20}ftypavif".utf8), "AVIF"), (Array("\0\0\0\u{20}ftypheic".utf8), "HEIF"),
  ])
  func `pictures of other formats are refused by name`(_ bytes: [UInt8], _ word: String) {
    #expect(code(bytes) == .unsupported)
    #expect(message(bytes).contains(word))
  }

  @Test func `more bytes than allowed are refused`() throws {
    let file = try PictureEncoder.png(TestPictures.busy(9, 7))
    let limits = DecodeLimits(maximumPixels: 100, maximumBytes: file.count - 1)
    #expect(code(file, limits: limits) == .tooLarge)
  }

  @Test func `a small file that claims huge sides is refused from its header`() throws {
    var png = PNGBuilder(width: 1, height: 1, samples: [1, 2, 3]).file()
    png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    #expect(code(png) == .tooLarge)
    var jpeg = try PictureEncoder.jpeg(TestPictures.busy(9, 7))
    let frame = try #require(
      jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(code(jpeg) == .tooLarge)
    let webp = try PictureEncoder.webp(TestPictures.busy(9, 7))
    #expect(code(webp, limits: DecodeLimits(maximumPixels: 62, maximumBytes: 9999)) == .tooLarge)
    #expect(code(webp, limits: DecodeLimits(maximumPixels: 63, maximumBytes: 9999)) == nil)
  }

  @Test(arguments: PictureFormat.allCases)
  func `a file cut anywhere is refused as truncated`(_ format: PictureFormat) throws {
    let picture = TestPictures.busy(40, 30)
    let file =
      switch format {
      case .png: try PictureEncoder.png(picture)
      case .jpeg: try PictureEncoder.jpeg(picture)
      case .webp: try PictureEncoder.webp(picture, quality: 80)
      }
    for length in [16, file.count / 4, file.count / 2, file.count * 9 / 10] {
      #expect(code(Array(file.prefix(length))) == .truncated, "\(length) of \(file.count)")
    }
  }

  @Test func `bytes after the end are noted and ignored`() throws {
    let picture = TestPictures.busy(9, 7)
    let files = [
      try PictureEncoder.png(picture), try PictureEncoder.jpeg(picture),
      try PictureEncoder.webp(picture),
    ]
    for file in files {
      let plain = try PictureDecoder.decode(file)
      let longer = try PictureDecoder.decode(file + Array("rest".utf8))
      #expect(plain.notes == [])
      #expect(longer.notes == [.extraData])
      #expect(longer.picture == plain.picture)
    }
  }

  @Test func `lossless formats give the pixels back`() throws {
    for (width, height) in [(1, 1), (2, 1), (1, 3), (31, 17), (112, 112)] {
      let picture = TestPictures.busy(width, height)
      for compression in [PictureEncoder.PNGCompression.fast, .small] {
        let file = try PictureEncoder.png(picture, compression: compression)
        #expect(file == (try PictureEncoder.png(picture, compression: compression)))
        let decoded = try PictureDecoder.decode(file)
        #expect(decoded.picture == picture && decoded.format == .png)
      }
      let webp = try PictureDecoder.decode(try PictureEncoder.webp(picture))
      #expect(webp.picture == picture && webp.format == .webp)
    }
  }

  @Test func `JPEG keeps a smooth picture within a few levels`() throws {
    let picture = TestPictures.ramp(33, 25)
    for subsampling in [PictureEncoder.ChromaSubsampling.none, .horizontal, .both] {
      let file = try PictureEncoder.jpeg(picture, quality: 95, subsampling: subsampling)
      let decoded = try PictureDecoder.decode(file)
      #expect(decoded.format == .jpeg && decoded.notes.isEmpty)
      #expect(TestPictures.largestDifference(decoded.picture, picture) <= 8)
    }
    let coarse = try PictureEncoder.jpeg(picture, quality: 20)
    #expect(try coarse.count < PictureEncoder.jpeg(picture, quality: 95).count)
  }

  @Test func `noise larger than the raw pixels still fits the PNG buffer`() throws {
    var bits = SeededBits(state: 5)
    let noise = TestPictures.picture(200, 150) { _, _, _ in UInt8(bits.next() & 255) }
    let file = try PictureEncoder.png(noise)
    #expect(try PictureDecoder.decode(file).picture == noise)
  }
}
