import Domain
import Imaging
import Testing

struct ResamplingTests {
  struct Golden: Sendable {
    let filter: ResampleFilter
    let from: (Int, Int)
    let to: (Int, Int)
    let digest: UInt64

    init(_ filter: ResampleFilter, _ from: (Int, Int), _ to: (Int, Int), _ digest: UInt64) {
      (self.filter, self.from, self.to, self.digest) = (filter, from, to, digest)
    }
  }

  /// FNV-1a (64 bit) of the bytes of Pillow 13.0.0's answer, numpy 2.4.6:
  ///
  ///     y, x, c = np.mgrid[0:h, 0:w, 0:3]
  ///     p = Image.fromarray(((x*37 + y*59 + c*83 + x*y*7) % 256).astype("u1"))
  ///     d = 0xcbf29ce484222325
  ///     for v in np.asarray(p.resize((W, H), filter)).tobytes():
  ///         d = ((d ^ v) * 0x100000001b3) % 2**64
  private static let goldens = [
    Golden(.nearest, (13, 11), (5, 4), 0xbed4_dbef_51a5_d3b9),
    Golden(.nearest, (13, 11), (29, 31), 0x2c23_1e8f_270a_837f),
    Golden(.nearest, (13, 11), (13, 3), 0x9b60_ea1f_b5d4_5543),
    Golden(.nearest, (64, 48), (17, 40), 0x3af2_c7b3_b085_feb5),
    Golden(.box, (13, 11), (5, 4), 0xba5a_bae5_83a4_859e),
    Golden(.box, (13, 11), (29, 31), 0x2c23_1e8f_270a_837f),
    Golden(.box, (13, 11), (6, 11), 0x6bda_84d7_c694_6af3),
    Golden(.box, (64, 48), (17, 40), 0x23c5_cd31_c26a_519e),
    Golden(.bilinear, (13, 11), (5, 4), 0xadd3_93c7_4d23_f97b),
    Golden(.bilinear, (13, 11), (29, 31), 0xbd99_bd8c_b379_caf3),
    Golden(.bilinear, (200, 3), (1, 1), 0x2fba_361a_e17d_478c),
    Golden(.bilinear, (64, 48), (17, 40), 0xcdc1_1f00_661f_f270),
    Golden(.bicubic, (13, 11), (5, 4), 0x8831_d66d_34f5_4e2a),
    Golden(.bicubic, (13, 11), (29, 31), 0xf4b6_30f4_9962_63e1),
    Golden(.bicubic, (13, 11), (13, 3), 0xd893_e50c_04e8_2a6a),
    Golden(.bicubic, (13, 11), (6, 11), 0x30ea_7fbd_17dc_0ccd),
    Golden(.bicubic, (200, 3), (1, 1), 0x23b1_0f1a_d9b7_1a4b),
    Golden(.bicubic, (64, 48), (17, 40), 0x1fdd_5deb_5853_58e3),
    Golden(.lanczos3, (13, 11), (5, 4), 0x7590_3635_9f76_9496),
    Golden(.lanczos3, (13, 11), (29, 31), 0x98da_3541_56fa_4b3d),
    Golden(.lanczos3, (13, 11), (13, 3), 0x1fff_7b9c_e3fb_b822),
    Golden(.lanczos3, (64, 48), (17, 40), 0xeb9e_6649_a569_eaf9),
  ]

  @Test(arguments: goldens)
  func `every filter gives Pillow's bytes`(_ golden: Golden) {
    let picture = TestPictures.busy(golden.from.0, golden.from.1)
    let resized = Resampling.resized(
      picture, to: golden.to.0, golden.to.1, filter: golden.filter)
    #expect(resized.width == golden.to.0 && resized.height == golden.to.1)
    let digest = resized.pixels.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { digest, byte in
      (digest ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    #expect(digest == golden.digest)
  }

  @Test func `the first row of a bicubic and a Lanczos reduction, in numbers`() {
    // Pillow 13.0.0, the picture above: p.resize((5, 4), filter), row 0.
    let picture = TestPictures.busy(13, 11)
    let bicubic = Resampling.resized(picture, to: 5, 4, filter: .bicubic)
    let lanczos = Resampling.resized(picture, to: 5, 4, filter: .lanczos3)
    #expect(
      Array(bicubic.pixels.prefix(15))
        == [100, 154, 123, 134, 128, 115, 116, 128, 133, 115, 135, 138, 136, 141, 127])
    #expect(
      Array(lanczos.pixels.prefix(15))
        == [100, 155, 125, 135, 129, 115, 114, 127, 135, 113, 140, 137, 139, 140, 126])
  }

  @Test(.enabled(if: Goldens.exist, "needs ../shared/golden"))
  func `CLIP's reference pictures are matched exactly`() throws {
    for name in ["clip_landscape", "clip_portrait_small"] {
      let picture = try PictureDecoder.decode(try Goldens.bytes("\(name).png")).picture
      let plan = ShortSideCrop(side: 32, width: picture.width, height: picture.height)
      let resized = Resampling.resized(
        picture, to: plan.resizedWidth, plan.resizedHeight, filter: .bicubic)
      #expect(resized.pixels == (try Goldens.levels("\(name)_resized_u8.npy")))
    }
  }

  @Test(arguments: ResampleFilter.allCases)
  func `a picture of one colour stays that colour at every size`(_ filter: ResampleFilter) {
    let flat = Picture(width: 19, height: 7, red: 255, green: 0, blue: 131)
    for (width, height) in [(1, 1), (3, 50), (40, 2), (19, 8), (20, 7)] {
      let resized = Resampling.resized(flat, to: width, height, filter: filter)
      #expect(resized == Picture(width: width, height: height, red: 255, green: 0, blue: 131))
    }
  }

  @Test(arguments: ResampleFilter.allCases)
  func `the same size gives the same picture`(_ filter: ResampleFilter) {
    let picture = TestPictures.busy(19, 7)
    #expect(Resampling.resized(picture, to: 19, 7, filter: filter) == picture)
  }

  @Test func `one pixel grows to any size`() {
    let dot = Picture(width: 1, height: 1, red: 1, green: 2, blue: 3)
    let grown = Resampling.resized(dot, to: 5, 4, filter: .lanczos3)
    #expect(grown == Picture(width: 5, height: 4, red: 1, green: 2, blue: 3))
  }
}
