internal import Domain

/// A face that a detector found, in frame pixels.
struct FoundFace {
  var box: CandidateBox
  /// Left eye, right eye, nose, left and right mouth corner, as seen in the picture.
  var landmarks: [Point]
}

enum LargestFace {
  /// The face with the largest box, the first of equals, in the original picture's coordinates;
  /// nil where there is none, or its numbers are not finite.
  static func pick(_ faces: [FoundFace], in frame: DetectionFrame) -> LocatedFace? {
    var largest: FoundFace?
    for face in faces where area(face) > largest.map(area) ?? 0 { largest = face }
    guard let largest else { return nil }
    let points = largest.landmarks.map(frame.original)
    guard points.count == 5, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      return nil
    }
    let landmarks = FiveLandmarks(
      leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
      rightMouth: points[4])
    return LocatedFace(
      landmarks: landmarks, confidence: largest.box.score, facesInPicture: faces.count)
  }

  private static func area(_ face: FoundFace) -> Double { face.box.width * face.box.height }
}
