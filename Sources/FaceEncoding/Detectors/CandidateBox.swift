/// A rectangle that may hold a face, in frame pixels.
struct CandidateBox {
  var x1: Double
  var y1: Double
  var x2: Double
  var y2: Double
  var score: Float

  var width: Double { x2 - x1 }
  var height: Double { y2 - y1 }

  /// How the overlap of two boxes is measured.
  enum Overlap {
    /// Intersection over union of boxes with sides x2 − x1.
    case union
    /// Intersection over the smaller box, sides x2 − x1 + 1, as MTCNN's last stage wants it.
    case smaller
  }

  func overlap(with other: CandidateBox, _ kind: Overlap) -> Double {
    let extra = kind == .smaller ? 1.0 : 0.0
    let wide = max(0, min(x2, other.x2) - max(x1, other.x1) + extra)
    let high = max(0, min(y2, other.y2) - max(y1, other.y1) + extra)
    let shared = wide * high
    let own = (width + extra) * (height + extra)
    let others = (other.width + extra) * (other.height + extra)
    let whole = kind == .smaller ? min(own, others) : own + others - shared
    // Boxes without area overlap nothing.
    return whole > 0 ? shared / whole : 0
  }

  /// Indexes kept by non-maximum suppression, best first, ties in the order given: a box goes when
  /// a better one overlaps it by more than `limit`.
  static func suppressed(_ boxes: [CandidateBox], limit: Double, _ kind: Overlap = .union)
    -> [Int]
  {
    let order = boxes.indices.sorted {
      boxes[$0].score != boxes[$1].score ? boxes[$0].score > boxes[$1].score : $0 < $1
    }
    var kept: [Int] = []
    for index in order
    where kept.allSatisfy({ boxes[index].overlap(with: boxes[$0], kind) <= limit }) {
      kept.append(index)
    }
    return kept
  }

  /// The box moved by the network's offsets, in parts of the sides plus `extra`.
  func moved(by offsets: ArraySlice<Float>, extra: Double) -> CandidateBox {
    let first = offsets.startIndex
    let (wide, high) = (width + extra, height + extra)
    return CandidateBox(
      x1: x1 + Double(offsets[first]) * wide, y1: y1 + Double(offsets[first + 1]) * high,
      x2: x2 + Double(offsets[first + 2]) * wide, y2: y2 + Double(offsets[first + 3]) * high,
      score: score)
  }

  /// The box widened to a square about its centre.
  var squared: CandidateBox {
    let side = max(width, height)
    let left = x1 + width / 2 - side / 2
    let top = y1 + height / 2 - side / 2
    return CandidateBox(x1: left, y1: top, x2: left + side, y2: top + side, score: score)
  }
}
