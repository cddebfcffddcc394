"""Reads the weights in a dlib network file (`.dat`).

dlib writes every layer as its name (a length-prefixed string) followed by that layer's numbers, and
after it a tail of bookkeeping whose shape depends on the C++ type of the whole network. The weights
need only the named parts, so the reader walks from name to name and leaves the tails alone. The
file is pinned by SHA-256 before it gets here; every name, tensor header and shape is checked all
the same.
"""

from dataclasses import dataclass

import numpy as np

# Tensors are written as: version, four sizes, then little-endian float32 values.
TENSOR_VERSION = 2


class DlibFormatError(ValueError):
    """The bytes are not what dlib writes."""


@dataclass(frozen=True)
class Convolution:
    """One `con_` layer together with the `affine_` layer (frozen batch normalisation) after it."""

    weight: np.ndarray  # [filters, channels, height, width]
    bias: np.ndarray  # [filters]
    stride: int
    padding: int
    gamma: np.ndarray  # [filters]
    beta: np.ndarray  # [filters]


@dataclass(frozen=True)
class FaceNetwork:
    """What the face recognition network file holds."""

    mean_rgb: np.ndarray  # [3], in units of 0–255
    convolutions: list
    projection: np.ndarray  # [features, embedding width]


class Cursor:
    """A position in the file and dlib's primitive encodings."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    def integer(self):
        """dlib's packed integer: a byte with the sign and the count, then that many bytes."""
        control = self.data[self.position]
        size = control & 0x0F
        start = self.position + 1
        if size > 8 or control & 0x70:
            raise DlibFormatError(f"no packed integer at byte {self.position}")
        self.position = start + size
        value = int.from_bytes(self.data[start : self.position], "little")
        return -value if control & 0x80 else value

    def real(self):
        """A float is a packed mantissa and a packed power of two."""
        mantissa = self.integer()
        return mantissa * 2.0 ** self.integer()

    def tensor(self):
        """A tensor flattened to one dimension; the layers know their own shapes."""
        version = self.integer()
        if version != TENSOR_VERSION:
            raise DlibFormatError(f"tensor version {version} at byte {self.position}, expected 2")
        count = 1
        for _ in range(4):
            count *= self.integer()
        start, self.position = self.position, self.position + 4 * count
        if self.position > len(self.data):
            raise DlibFormatError("the file ends inside a tensor")
        return np.frombuffer(self.data, dtype="<f4", count=count, offset=start)

    def seek_name(self, name):
        """Moves behind the next layer called `name`; False when there is none left."""
        mark = bytes([1, len(name)]) + name.encode("ascii")
        found = self.data.find(mark, self.position)
        if found < 0:
            return False
        self.position = found + len(mark)
        return True


def read_face_network(data):
    """Reads `dlib_face_recognition_resnet_model_v1.dat`, given as bytes."""
    cursor = Cursor(data)
    if not cursor.seek_name("input_rgb_image_sized"):
        raise DlibFormatError("no RGB input layer: this is not dlib's face recognition network")
    mean = np.array([cursor.real() for _ in range(3)], dtype=np.float32)
    convolutions = []
    while cursor.seek_name("con_4"):
        convolutions.append(_read_convolution(cursor))
    return FaceNetwork(mean, convolutions, _read_projection(cursor))


def _read_convolution(cursor):
    values = cursor.tensor()
    filters, height, width, stride, stride_x, padding, padding_x = (
        cursor.integer() for _ in range(7)
    )
    # The filter alias follows: a version and the four sizes, of which the channel count is news.
    _, alias_filters, channels, _, _ = (cursor.integer() for _ in range(5))
    count = filters * channels * height * width
    square = stride == stride_x and padding == padding_x and filters == alias_filters
    if not square or values.size != count + filters:
        raise DlibFormatError("a convolution's sizes contradict each other")
    if not cursor.seek_name("affine_"):
        raise DlibFormatError("a convolution without its affine layer")
    affine = cursor.tensor()
    if affine.size != 2 * filters:
        raise DlibFormatError("an affine layer does not fit its convolution")
    weight = values[:count].reshape(filters, channels, height, width)
    return Convolution(
        weight, values[count:], stride, padding, affine[:filters], affine[filters:]
    )


def _read_projection(cursor):
    if not cursor.seek_name("fc_2"):
        raise DlibFormatError("no fully connected layer at the end")
    outputs, inputs = cursor.integer(), cursor.integer()
    weight = cursor.tensor()
    if weight.size != outputs * inputs:
        raise DlibFormatError("the fully connected layer has a bias or a wrong size")
    return weight.reshape(inputs, outputs)
