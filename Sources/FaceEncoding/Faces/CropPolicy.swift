/// How the place of the face in a picture is found.
public enum CropPolicy: String, CaseIterable, Codable, Sendable {
  /// Detect; a picture that is an aligned crop already is used as it is; a small, nearly square
  /// picture in which no face is found is taken for an aligned crop.
  case auto
  /// Detect; a picture without a found face is rejected.
  case detect
  /// Every picture is an aligned crop; nothing is detected.
  case aligned
  /// Nothing is detected, and nothing is claimed about the picture. Faces come out as those of
  /// `aligned`; encoders with alignment `whole` or `clip` do not care.
  case whole
}
