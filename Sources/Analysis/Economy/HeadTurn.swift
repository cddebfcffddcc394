/// Which way a face looks, as far as five landmarks tell.
///
/// The nose tip's distance from the middle of the eyes along the line of the eyes, over the distance of the
/// eyes: 0 for a face from the front, growing as it turns. It orders faces by their turn and is no angle: how
/// far a nose stands out differs between people.
public enum HeadTurn: String, Sendable, CaseIterable {
  /// As seen in the picture.
  case left, front, right

  /// Turns of less than this many eye distances count as front. A nose stands out by about 0.6 eye
  /// distances, so that this is a turn of about 15 degrees.
  static let frontWithin: Float = 0.16

  /// Amounts from as far left to as far right as three parts of the front's width reach: turns of up to
  /// about 40 degrees either way.
  public static let range: ClosedRange<Double> = -0.48...0.48

  /// - Parameter landmarks: x and y of left eye, right eye, nose and two corners of the mouth, left as
  ///   seen in the picture.
  /// - Returns: nil for fewer numbers than three points have, and for eyes in one place.
  public init?(landmarks: [Float]) {
    guard let along = Self.amount(landmarks: landmarks) else { return nil }
    self = along < -Self.frontWithin ? .left : along > Self.frontWithin ? .right : .front
  }

  /// How far a face is turned, in eye distances: below 0 to the left as seen in the picture. Nil where
  /// `init` is.
  public static func amount(landmarks: [Float]) -> Float? {
    guard landmarks.count >= 6 else { return nil }
    let (x, y) = (landmarks[2] - landmarks[0], landmarks[3] - landmarks[1])
    let squared = x * x + y * y
    guard squared > 0, squared.isFinite else { return nil }
    let middle = ((landmarks[0] + landmarks[2]) / 2, (landmarks[1] + landmarks[3]) / 2)
    let along = ((landmarks[4] - middle.0) * x + (landmarks[5] - middle.1) * y) / squared
    return along.isFinite ? along : nil
  }
}
