import Curation
import Domain
import FaceEncoding

extension Installation {
  /// Refuses a generator that was trained with another identity encoder than the workspace's: its
  /// vectors would mean nothing to it.
  func requireIdentityEncoder(_ settings: WorkspaceSettings) throws {
    let generator = try model(settings.generator, role: .generator)
    guard let wanted = generator.manifest.identityEncoder else { return }
    let encoder = try model(settings.identityEncoder, role: .encoder, space: Space.identity)
    guard encoder.name != wanted else { return }
    throw CurationError(
      .setting,
      "generator \(generator.name) was trained with the identity encoder \(wanted), this workspace "
        + "uses \(encoder.name)",
      hint: "begin a workspace with: d2r-curate init DIR --identity-encoder \(wanted)")
  }
}
