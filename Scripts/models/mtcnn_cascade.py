"""The whole MTCNN detector in numpy, step for step as the package facenet-pytorch does it.

For tests only: it is what a port is compared with. `nets` maps "pnet", "rnet" and "onet" to
functions from a [N, 3, h, w] batch to (probability, offsets) or, for onet, (probability, offsets,
landmarks).

Coordinates are the original's: a box x1, y1, x2, y2 counts pixels from 1, as its MATLAB ancestor
did; landmarks come out counted from 0.
"""

from dataclasses import dataclass

import numpy as np

MIN_FACE = 20  # pixels; smaller faces are not looked for
FACTOR = 0.709  # between two scales of the pyramid: about half the area
THRESHOLDS = (0.6, 0.7, 0.7)
CELL, STRIDE = 12, 2  # pnet sees 12 × 12 windows, two pixels apart


@dataclass(frozen=True)
class Face:
    box: np.ndarray  # x1, y1, x2, y2
    probability: float
    landmarks: np.ndarray  # [5, 2]: eyes, nose, mouth corners, left to right in the picture


def detect(picture, nets, min_face=MIN_FACE):
    """Faces in an RGB picture [height, width, 3] of 0–255, most probable first."""
    planes = np.asarray(picture, dtype=np.float32).transpose(2, 0, 1)
    boxes = _proposals(planes, nets["pnet"], min_face)
    boxes = _refined(planes, boxes, nets["rnet"])
    return _faces(planes, boxes, nets["onet"])


def pyramid(height, width, min_face=MIN_FACE):
    """The scales at which pnet looks at the picture."""
    scale = CELL / min_face
    shorter, scales = min(height, width) * scale, []
    while shorter >= CELL:
        scales.append(scale)
        scale, shorter = scale * FACTOR, shorter * FACTOR
    return scales


def area_resize(planes, height, width):
    """Each new pixel is the mean of all old pixels it touches, whole pixels on both ends."""
    return _area_axis(_area_axis(planes, height, 1), width, 2).astype(np.float32)


def _area_axis(values, size, axis):
    old = values.shape[axis]
    steps = np.arange(size)
    starts, ends = steps * old // size, -(-(steps + 1) * old // size)
    sums = np.cumsum(values, axis=axis, dtype=np.float64)
    sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis)
    shape = [-1 if k == axis else 1 for k in range(values.ndim)]
    return (sums.take(ends, axis) - sums.take(starts, axis)) / (ends - starts).reshape(shape)


def normalised(planes):
    return ((planes - 127.5) * 0.0078125).astype(np.float32)


def _proposals(planes, pnet, min_face):
    _, height, width = planes.shape
    found = [np.zeros((0, 9))]
    for scale in pyramid(height, width, min_face):
        # The original adds 1 before cutting off the fraction.
        small = area_resize(planes, int(height * scale + 1), int(width * scale + 1))
        probability, offsets = pnet(normalised(small)[None])
        candidates = _windows(probability[0, 0], offsets[0], scale)
        found.append(candidates[suppress(candidates, 0.5)])
    boxes = np.concatenate(found)
    boxes = boxes[suppress(boxes, 0.7)]
    # Here the sides are x2 − x1, without the 1 that later stages add.
    sides = np.stack([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], 1)
    moved = boxes[:, :4] + boxes[:, 5:9] * np.tile(sides, 2)
    return squared(np.concatenate([moved, boxes[:, 4:5]], 1))


def _windows(probability, offsets, scale):
    """Rows of x1, y1, x2, y2, probability, four offsets, for windows at or above the threshold."""
    rows, columns = np.nonzero(probability >= THRESHOLDS[0])
    corner = np.stack([columns, rows], 1) * STRIDE
    first, last = np.floor((corner + 1) / scale), np.floor((corner + CELL) / scale)
    scores = probability[rows, columns][:, None]
    return np.concatenate([first, last, scores, offsets[:, rows, columns].T], 1)


def _refined(planes, boxes, rnet):
    boxes, crops = _crops(planes, boxes, 24)
    if len(boxes) == 0:
        return boxes
    probability, offsets = rnet(crops)
    keep = probability[:, 0] > THRESHOLDS[1]
    boxes = np.concatenate([boxes[keep, :4], probability[keep]], 1)
    picked = suppress(boxes, 0.7)
    return squared(regressed(boxes[picked], offsets[keep][picked]))


def _faces(planes, boxes, onet):
    boxes, crops = _crops(planes, boxes, 48)
    if len(boxes) == 0:
        return []
    probability, offsets, landmarks = onet(crops)
    keep = probability[:, 0] > THRESHOLDS[2]
    boxes = np.concatenate([boxes[keep, :4], probability[keep]], 1)
    # Landmarks belong to the box before its own regression.
    sides = boxes[:, 2:4] - boxes[:, 0:2] + 1
    parts = np.stack([landmarks[keep, :5], landmarks[keep, 5:]], 2)
    points = parts * sides[:, None] + boxes[:, None, 0:2] - 1
    boxes = regressed(boxes, offsets[keep])
    return [
        Face(boxes[i, :4], float(boxes[i, 4]), points[i])
        for i in suppress(boxes, 0.7, smaller_area=True)
    ]


def _crops(planes, boxes, side):
    """The boxes that reach into the picture, and their pixels at the network's size."""
    _, height, width = planes.shape
    corners = np.trunc(boxes[:, :4]).astype(int)
    x1, y1 = np.maximum(corners[:, 0], 1), np.maximum(corners[:, 1], 1)
    x2, y2 = np.minimum(corners[:, 2], width), np.minimum(corners[:, 3], height)
    inside = np.flatnonzero((x2 > x1 - 1) & (y2 > y1 - 1))
    crops = [
        normalised(area_resize(planes[:, y1[i] - 1 : y2[i], x1[i] - 1 : x2[i]], side, side))
        for i in inside
    ]
    return boxes[inside], np.stack(crops) if crops else np.zeros((0, 3, side, side), np.float32)


def regressed(boxes, offsets):
    """Boxes moved by the network's offsets, in parts of the side plus 1."""
    sides = boxes[:, 2:4] - boxes[:, 0:2] + 1
    return np.concatenate([boxes[:, :4] + offsets * np.tile(sides, 2), boxes[:, 4:]], 1)


def squared(boxes):
    """Boxes widened to squares about their centres."""
    sides = boxes[:, 2:4] - boxes[:, 0:2]
    side = sides.max(axis=1, keepdims=True)
    first = boxes[:, 0:2] + sides * 0.5 - side * 0.5
    return np.concatenate([first, first + side, boxes[:, 4:]], 1)


def suppress(boxes, limit, smaller_area=False):
    """Rows kept by non-maximum suppression, best first.

    Overlap is intersection over union, sides x2 − x1. With `smaller_area` (last stage) it is the
    intersection over the smaller box, sides x2 − x1 + 1.
    """
    extra = 1 if smaller_area else 0
    x1, y1, x2, y2, scores = boxes[:, :5].T
    areas = (x2 - x1 + extra) * (y2 - y1 + extra)
    order = np.argsort(-scores, kind="stable")
    kept = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(best)
        wide = np.minimum(x2[best], x2[rest]) - np.maximum(x1[best], x1[rest]) + extra
        high = np.minimum(y2[best], y2[rest]) - np.maximum(y1[best], y1[rest]) + extra
        shared = np.maximum(wide, 0) * np.maximum(high, 0)
        if smaller_area:
            whole = np.minimum(areas[best], areas[rest])
        else:
            whole = areas[best] + areas[rest] - shared
        order = rest[shared <= limit * whole]
    return np.array(kept, dtype=int)
