"""dlib's face recognition ResNet (Davis King, CC0) as an ONNX graph.

The network was trained on 150-pixel "face chips", which frame a face more widely than the ArcFace
crop. The curator aligns once, to ArcFace's 112-pixel template, so the graph begins by finding the
chip inside that crop: enlarge, pad below (the chip reaches past the crop's chin edge), cut out.
"""

from graphs import GraphBuilder

import dlib_dat
import numpy as np

# From the similarity between ArcFace's five template points and dlib's mean chip landmarks:
# enlarge by 1.4475 (112 → 162 pixels), 18 black rows below, chip at row 30 and column 7.
CHIP_SCALE = 1.4475
CHIP_PAD_BELOW = 18
CHIP_TOP, CHIP_LEFT, CHIP_SIZE = 30, 7, 150
# dlib divides by 256 after subtracting its mean colour.
PIXEL_SCALE = 1.0 / 256.0
EMBEDDING_WIDTH = 128
# The stem, then 14 residual blocks of two convolutions each.
CONVOLUTIONS = 29


def convert(data):
    """Bytes of `dlib_face_recognition_resnet_model_v1.dat` → ONNX bytes."""
    network = dlib_dat.read_face_network(data)
    if len(network.convolutions) != CONVOLUTIONS:
        raise dlib_dat.DlibFormatError(f"expected {CONVOLUTIONS} convolutions")
    graph = GraphBuilder("dlib-resnet-v1")
    value = _chip(graph, graph.input("input", ["batch", 3, 112, 112]), network.mean_rgb)
    stem, *rest = network.convolutions
    value = graph.add("Relu", _convolution(graph, value, stem))
    value = graph.add("MaxPool", value, kernel_shape=[3, 3], strides=[2, 2])
    size = 35  # side of the feature map after the stem: 150 → 72 → 35
    for first, second in zip(rest[::2], rest[1::2]):
        value, size = _block(graph, value, size, first, second)
    value = graph.add("Flatten", graph.add("GlobalAveragePool", value), axis=1)
    value = graph.add("MatMul", value, graph.floats(network.projection))
    graph.output("embedding", value, ["batch", EMBEDDING_WIDTH])
    return graph.serialised()


def _chip(graph, value, mean_rgb):
    scales = graph.floats([1, 1, CHIP_SCALE, CHIP_SCALE])
    value = graph.add(
        "Resize", value, "", scales, mode="linear", coordinate_transformation_mode="half_pixel"
    )
    value = _pad(graph, value, below=CHIP_PAD_BELOW)
    starts = graph.integers([CHIP_TOP, CHIP_LEFT])
    ends = graph.integers([CHIP_TOP + CHIP_SIZE, CHIP_LEFT + CHIP_SIZE])
    value = graph.add("Slice", value, starts, ends, graph.integers([2, 3]))
    value = graph.add("Sub", value, graph.floats(mean_rgb.reshape(1, 3, 1, 1)))
    return graph.add("Mul", value, graph.floats([PIXEL_SCALE]))


def _convolution(graph, value, layer):
    """The affine layer is folded in, in double precision."""
    gamma = layer.gamma.astype(np.float64)
    weight = layer.weight * gamma.reshape(-1, 1, 1, 1)
    bias = layer.bias * gamma + layer.beta
    pads = [layer.padding] * 4
    return graph.convolution(value, weight, bias, stride=layer.stride, pads=pads)


def _block(graph, value, size, first, second):
    """A residual block; the halving kind pools the short cut and adds empty channels to it.

    dlib adds maps of unequal size by treating the missing rows, columns and channels as zeros,
    which is written out here as padding.
    """
    main = graph.add("Relu", _convolution(graph, value, first))
    main = _convolution(graph, main, second)
    if first.stride == 1:
        return graph.add("Relu", graph.add("Add", main, value)), size
    main_size, pooled_size = (size - 3) // 2 + 1, size // 2
    short = graph.add("AveragePool", value, kernel_shape=[2, 2], strides=[2, 2])
    main = _pad(graph, main, below=pooled_size - main_size, right=pooled_size - main_size)
    grown = first.weight.shape[0] - first.weight.shape[1]
    short = _pad(graph, short, channels=grown)
    return graph.add("Relu", graph.add("Add", main, short)), pooled_size


def _pad(graph, value, channels=0, below=0, right=0):
    """Zeros after the last channel, row or column; nothing is added when all are 0."""
    if channels == below == right == 0:
        return value
    ends = [0, channels, below, right]
    return graph.add("Pad", value, graph.integers([0, 0, 0, 0] + ends), mode="constant")
