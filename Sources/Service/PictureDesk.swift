internal import Cataloging
internal import Curation
internal import Domain
internal import HTTPServer

/// Gives out small pictures; those of real people only to who may see them, and on record.
struct PictureDesk: Sendable {
  let desk: Desk
  /// Writes a line of the access log; where it fails the picture is not shown.
  let record: @Sendable (PictureAccess) async throws -> Void

  /// - Throws: 403 where a reader asks for a real face, 404 where there is no picture.
  func reply(
    to image: ImageRecord, edge: Int, reveals: Bool, caller: Caller
  ) async throws -> Reply {
    let isReal = try await desk.realFaces().mayShow(image)
    let shows = !isReal || reveals
    if isReal && reveals {
      guard caller.role >= .curator else {
        throw Problem(403, "roleTooSmall", "real faces are shown to curators and admins only")
      }
    }
    let sources = try await desk.catalog.sources()
    guard let source = sources.first(where: { $0.id == image.source }),
      let bytes = SmallPicture(side: edge).jpeg(of: image, root: source.root, hides: !shows)
    else { throw Problem.notFound("picture of image \(image.id)") }
    if isReal && shows {
      try await record(
        PictureAccess(who: caller.name, image: image.id, path: image.path, action: "revealed"))
    }
    return .bytes(
      bytes, type: "image/jpeg",
      headers: [
        ("X-Picture", shows ? "shown" : "hidden"),
        // A real face is asked for each time, so that each look is on record.
        ("Cache-Control", isReal && shows ? "no-store" : "private, max-age=300"),
      ])
  }
}
