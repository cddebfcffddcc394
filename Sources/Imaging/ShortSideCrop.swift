public import Domain

/// CLIP's preprocessing geometry: the short side is resized to `side`, the long side to
/// floor(side * long / short), and the middle `side` x `side` pixels are kept, the spare pixels
/// split by floor division.
public struct ShortSideCrop: Equatable, Sendable {
  public let side: Int
  /// Sides after the resize, before the crop.
  public let resizedWidth: Int
  public let resizedHeight: Int
  /// Top left corner of the crop in the resized picture.
  public let x: Int
  public let y: Int

  /// - Precondition: all three are positive.
  public init(side: Int, width: Int, height: Int) {
    precondition(side > 0 && width > 0 && height > 0)
    let short = min(width, height)
    self.side = side
    resizedWidth = side * width / short
    resizedHeight = side * height / short
    x = (resizedWidth - side) / 2
    y = (resizedHeight - side) / 2
  }
}

extension Picture {
  /// The middle square of the picture at `side` x `side` pixels, by `ShortSideCrop`.
  public func shortSideCropped(to side: Int, filter: ResampleFilter = .bicubic) -> Picture {
    let plan = ShortSideCrop(side: side, width: width, height: height)
    return Resampling.resized(self, to: plan.resizedWidth, plan.resizedHeight, filter: filter)
      .cropped(x: plan.x, y: plan.y, width: side, height: side)
  }
}
