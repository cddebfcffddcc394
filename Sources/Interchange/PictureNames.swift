/// What file names promise.
enum PictureNames {
  /// Extensions of the formats that are read.
  static let readable: Set<String> = ["png", "jpg", "jpeg", "jpe", "jfif", "webp"]

  /// Extensions of pictures in formats that are not read, with the format's name.
  static let foreign: [String: String] = [
    "bmp": "BMP", "gif": "GIF", "tif": "TIFF", "tiff": "TIFF", "avif": "AVIF", "heic": "HEIF",
    "heif": "HEIF", "jp2": "JPEG 2000", "jxl": "JPEG XL", "ppm": "PPM", "pgm": "PGM",
    "pbm": "PBM", "tga": "TGA", "psd": "PSD", "exr": "OpenEXR", "svg": "SVG",
  ]

  static let latent = "latent.npy"
}
