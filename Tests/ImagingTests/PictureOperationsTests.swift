import Domain
import Imaging
import Testing

struct PictureOperationsTests {
  @Test func `a crop holds the pixels of its rectangle`() {
    let picture = TestPictures.busy(9, 7)
    let crop = picture.cropped(x: 2, y: 3, width: 4, height: 2)
    for y in 0..<2 {
      for x in 0..<4 {
        #expect(crop.pixels[3 * (y * 4 + x)] == picture.pixels[3 * ((y + 3) * 9 + x + 2)])
      }
    }
    #expect(picture.cropped(x: 0, y: 0, width: 9, height: 7) == picture)
  }

  @Test func `padding then cropping gives the picture back`() {
    let picture = TestPictures.busy(9, 7)
    let margins = Margins(left: 1, top: 2, right: 3, bottom: 4)
    let padded = picture.padded(by: margins, grey: 99)
    #expect(padded.width == 13 && padded.height == 13)
    #expect(padded.cropped(x: 1, y: 2, width: 9, height: 7) == picture)
    #expect(padded.pixels.prefix(3 * 13 * 2 + 3).allSatisfy { $0 == 99 })
    #expect(padded.pixels.suffix(3 * 13 * 4 + 9).allSatisfy { $0 == 99 })
    #expect(picture.padded(by: .all(0), grey: 1) == picture)
  }

  @Test func `mirroring twice gives the picture back`() {
    let picture = TestPictures.busy(9, 7)
    let mirrored = picture.mirrored()
    #expect(mirrored != picture && mirrored.mirrored() == picture)
    #expect(mirrored.pixels.prefix(3) == picture.pixels[24..<27])
  }

  @Test func `pixelation leaves no more colours than tiles`() {
    let picture = TestPictures.busy(64, 48)
    let hidden = picture.pixelated(blocks: 4, width: 32, height: 24)
    #expect(hidden.width == 32 && hidden.height == 24)
    let colours = Set(
      stride(from: 0, to: hidden.pixels.count, by: 3).map { at in
        Array(hidden.pixels[at..<at + 3])
      })
    #expect(colours.count <= 16)
    let tile = picture.cropped(x: 0, y: 0, width: 16, height: 12)
    let sum = stride(from: 0, to: tile.pixels.count, by: 3).reduce(0) { $0 + Int(tile.pixels[$1]) }
    #expect(abs(Double(hidden.pixels[0]) - Double(sum) / 192) <= 1)
  }

  @Test func `a picture smaller than its tiles is not enlarged beyond itself`() {
    let picture = TestPictures.busy(3, 2)
    #expect(picture.pixelated(blocks: 8, width: 3, height: 2) == picture)
  }

  @Test func `luminance follows BT 601`() {
    let picture = Picture(
      width: 4, height: 1, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    #expect(picture.luminance() == [76.245, 149.685, 29.07, 255])
  }

  @Test func `sharpness is 0 for flat, sloping and tiny pictures`() {
    #expect(Picture(width: 9, height: 9, red: 7, green: 80, blue: 9).sharpness() == 0)
    let slope = TestPictures.picture(20, 20) { x, y, _ in UInt8(3 * x + 5 * y) }
    #expect(slope.sharpness() == 0)
    #expect(TestPictures.busy(2, 9).sharpness() == 0)
  }

  @Test func `sharpness of one bright dot, by hand`() {
    // Laplacians of the 9 inner pixels of 5 x 5: -400, four times 100, four times 0; mean 0.
    let dot = TestPictures.picture(5, 5) { x, y, _ in x == 2 && y == 2 ? 100 : 0 }
    #expect(abs(dot.sharpness() - (160_000 + 4 * 10_000) / 9) < 1e-6)
  }

  @Test func `blurring lowers sharpness`() {
    let picture = TestPictures.busy(64, 64)
    let small = Resampling.resized(picture, to: 16, 16, filter: .box)
    let blurred = Resampling.resized(small, to: 64, 64, filter: .bicubic)
    #expect(blurred.sharpness() < picture.sharpness() / 10)
  }

  @Test func `CLIP's geometry floors the long side and the offset`() {
    // Sizes and offsets as ../shared/golden/diffusion/README.md states them.
    let landscape = ShortSideCrop(side: 32, width: 57, height: 43)
    #expect(landscape.resizedWidth == 42 && landscape.resizedHeight == 32)
    #expect(landscape.x == 5 && landscape.y == 0)
    let portrait = ShortSideCrop(side: 32, width: 25, height: 31)
    #expect(portrait.resizedWidth == 32 && portrait.resizedHeight == 39)
    #expect(portrait.x == 0 && portrait.y == 3)
    let crop = TestPictures.busy(57, 43).shortSideCropped(to: 32)
    #expect(crop.width == 32 && crop.height == 32)
  }
}
