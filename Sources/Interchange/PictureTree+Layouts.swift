import Files

extension PictureTree {
  /// Every picture, without identities.
  func flat() -> DatasetListing {
    var listing = DatasetListing(layout: .flat)
    listing.files = pictures.map { SourceFile(path: $0.text) }
    return listing
  }

  /// Pictures exactly one folder down, the folder's name being the identity.
  func identityFolders() -> DatasetListing {
    var listing = DatasetListing(layout: .identityFolders)
    for picture in pictures {
      if picture.depth == 2 {
        listing.files.append(SourceFile(path: picture.text, identity: picture.top))
      } else {
        listing.problems.append(misplaced(picture))
      }
    }
    listing.latents = latentsOfIdentities()
    return listing
  }

  /// `ID/K.png`, ordered by ID and then K as numbers.
  func digiface() -> DatasetListing {
    var listing = DatasetListing(layout: .digiface)
    var numbered: [(id: Int, picture: Int, file: SourceFile)] = []
    for picture in pictures {
      if let (id, number) = picture.digiface {
        let file = SourceFile(path: picture.text, identity: picture.top)
        numbered.append((id, number, file))
      } else {
        let reason = "it is not named NUMBER/NUMBER.png as in DigiFace-1M"
        listing.problems.append(ListingProblem(path: picture.text, reason: reason))
      }
    }
    numbered.sort { ($0.id, $0.picture) < ($1.id, $1.picture) }
    listing.files = numbered.map(\.file)
    listing.latents = latentsOfIdentities()
    return listing
  }

  private func latentsOfIdentities() -> [LatentFile] {
    latents.filter { $0.depth == 2 }.map { LatentFile(identity: $0.top, path: $0.text) }
  }

  private func misplaced(_ picture: PicturePath) -> ListingProblem {
    let reason =
      picture.depth == 1
      ? "it lies beside the identity folders; move it into one"
      : "it lies deeper than IDENTITY/IMAGE; move it up into its identity's folder"
    return ListingProblem(path: picture.text, reason: reason)
  }
}

extension PicturePath {
  /// Identity and picture number where the path is `ID/K.png`.
  var digiface: (id: Int, picture: Int)? {
    guard depth == 2, fileExtension == "png", let id = NumberName.plain(top),
      let number = NumberName.plain(stem)
    else { return nil }
    return (id, number)
  }
}
