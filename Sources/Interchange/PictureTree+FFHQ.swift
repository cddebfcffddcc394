import Files

/// The three forms in which FFHQ is released; raw values are its folders' names.
enum FFHQPart: String, CaseIterable {
  case images = "images1024x1024"
  case thumbnails = "thumbnails128x128"
  case inTheWild = "in-the-wild-images"
}

extension PicturePath {
  /// The picture's index where its name is five digits and its folder, if it is five digits too,
  /// is the index rounded down to thousands.
  var ffhq: Int? {
    guard fileExtension == "png", let index = NumberName.five(stem) else { return nil }
    let parts = text.utf8.split(separator: UInt8(ascii: "/")).dropLast()
    guard let folder = parts.last else { return index }
    guard let start = NumberName.five(String(decoding: folder, as: UTF8.self)) else {
      return FFHQPart(rawValue: String(decoding: folder, as: UTF8.self)) == nil ? nil : index
    }
    return start == index / 1000 * 1000 ? index : nil
  }
}

extension PictureTree {
  /// Pictures by FFHQ's names. Where several forms of the set lie side by side they show the same
  /// pictures, so one is read, and the others are a problem each.
  func ffhq() -> DatasetListing {
    var listing = DatasetListing(layout: .ffhq)
    let present = FFHQPart.allCases.filter { part in
      pictures.contains { $0.top == part.rawValue }
    }
    let skipped = Set(present.dropFirst().map(\.rawValue))
    let known = metadata(&listing)
    for picture in pictures where !skipped.contains(picture.top) {
      guard let index = picture.ffhq else {
        let reason = "it is not named like an FFHQ picture, such as 00000/00000.png"
        listing.problems.append(ListingProblem(path: picture.text, reason: reason))
        continue
      }
      let part = FFHQPart(rawValue: picture.top.isEmpty || present.isEmpty ? rootName : picture.top)
      listing.files.append(file(picture, known[index], part))
    }
    if let read = present.first {
      let reason = "it shows the same pictures as \(read.rawValue), which is read; name it alone"
      listing.problems += present.dropFirst().map {
        ListingProblem(path: $0.rawValue, reason: reason)
      }
    }
    return listing
  }

  private var rootName: String { Paths.lastComponent(Paths.absolute(root)) }

  /// The set's own records, where its file lies beside; a broken file is a problem.
  private func metadata(_ listing: inout DatasetListing) -> [Int: FFHQRecord] {
    guard let path = FFHQMetadata.path(for: root) else { return [:] }
    do throws(InterchangeError) {
      return try FFHQMetadata.read(path)
    } catch {
      let reason = "its records are not used: \(error.message)"
      listing.problems.append(ListingProblem(path: FFHQMetadata.name, reason: reason))
      return [:]
    }
  }

  /// Digests are given only where the folder's name says which form of the picture this is.
  private func file(
    _ picture: PicturePath, _ record: FFHQRecord?, _ part: FFHQPart?
  ) -> SourceFile {
    var file = SourceFile(path: picture.text)
    file.category = record?.category
    file.licence = record?.licence
    if let part, let digests = record?.digests[part] {
      file.expectedFileMD5 = digests.file
      file.expectedPixelMD5 = digests.pixels
    }
    return file
  }
}
