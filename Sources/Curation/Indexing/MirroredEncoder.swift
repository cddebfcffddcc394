public import Domain
import Imaging

/// Shows an encoder every face in a mirror: what it answers may be compared with its own answers to
/// other faces as they are.
public struct MirroredEncoder: ImageEncoder {
  public let space: Space
  private let encoder: any ImageEncoder

  /// - Parameter name: the space the vectors go to; its width and digest are the encoder's own.
  public init(_ encoder: any ImageEncoder, space name: String) {
    self.encoder = encoder
    space = Space(
      name: name, width: encoder.space.width, encoderDigest: encoder.space.encoderDigest)
  }

  public var preferredBatch: Int { encoder.preferredBatch }

  public func embed(_ faces: [Face]) throws -> Vectors {
    try encoder.embed(faces.map { $0.mirrored() })
  }
}

extension Face {
  /// The face as a mirror shows it: what was on the left is on the right.
  func mirrored() -> Face {
    let last = Double(picture.width - 1)
    func turned(_ point: Point) -> Point { Point(x: last - point.x, y: point.y) }
    return Face(
      picture: picture.mirrored(), crop: crop,
      landmarks: landmarks.map { points in
        FiveLandmarks(
          leftEye: turned(points.rightEye), rightEye: turned(points.leftEye),
          nose: turned(points.nose), leftMouth: turned(points.rightMouth),
          rightMouth: turned(points.leftMouth))
      })
  }
}
