"""The three MTCNN networks (package facenet-pytorch, MIT) as ONNX graphs.

All take RGB, (p − 127.5) / 128, [N, 3, height, width], rows top to bottom. All give `probability`
of a face and `offsets` (x1, y1, x2, y2 as parts of the box); the last gives `landmarks` (five x,
then five y, as parts of the box).

The original weights see transposed pictures. The package has already turned the convolutions; what
is left of it is that the dense layers read the map column by column. Their weights are reordered
here once, so the graphs need no transposition.
"""

import restricted_pickle
from graphs import GraphBuilder


def convert_proposal(data):
    """Bytes of `pnet.pt` → ONNX bytes; any picture size from 12 × 12."""
    net = Net("mtcnn-pnet", data, ["height", "width"])
    value = net.convolution(net.entry, "1")
    value = net.pooling(value, 2)
    value = net.convolution(value, "2")
    value = net.convolution(value, "3")
    net.map_output("probability", net.face_share(net.plain_convolution(value, "4_1")), 1)
    net.map_output("offsets", net.plain_convolution(value, "4_2"), 4)
    return net.graph.serialised()


def convert_refinement(data):
    """Bytes of `rnet.pt` → ONNX bytes; 24 × 24."""
    net = Net("mtcnn-rnet", data, [24, 24])
    value = net.pooling(net.convolution(net.entry, "1"), 3)
    value = net.pooling(net.convolution(value, "2"), 3)
    value = net.dense(net.convolution(value, "3"), "4")
    net.vector_output("probability", net.face_share(net.plain_dense(value, "5_1")), 1)
    net.vector_output("offsets", net.plain_dense(value, "5_2"), 4)
    return net.graph.serialised()


def convert_output(data):
    """Bytes of `onet.pt` → ONNX bytes; 48 × 48."""
    net = Net("mtcnn-onet", data, [48, 48])
    value = net.pooling(net.convolution(net.entry, "1"), 3)
    value = net.pooling(net.convolution(value, "2"), 3)
    value = net.pooling(net.convolution(value, "3"), 2)
    value = net.dense(net.convolution(value, "4"), "5")
    net.vector_output("probability", net.face_share(net.plain_dense(value, "6_1")), 1)
    net.vector_output("offsets", net.plain_dense(value, "6_2"), 4)
    net.vector_output("landmarks", net.plain_dense(value, "6_3"), 10)
    return net.graph.serialised()


class Net:
    """The weights by name and the graph they go into."""

    def __init__(self, name, data, size):
        self.state = restricted_pickle.read_state(data)
        self.graph = GraphBuilder(name)
        self.entry = self.graph.input("input", ["batch", 3, *size])

    def convolution(self, value, label):
        value = self.plain_convolution(value, label)
        return self.leaky(value, self.state[f"prelu{label}.weight"].reshape(-1, 1, 1))

    def plain_convolution(self, value, label):
        weight, bias = self._parameters(f"conv{label}")
        return self.graph.convolution(value, weight, bias)

    def pooling(self, value, kernel):
        """Halves the side; a window that hangs over the edge still counts."""
        size = {"kernel_shape": [kernel, kernel], "strides": [2, 2]}
        return self.graph.add("MaxPool", value, ceil_mode=1, **size)

    def dense(self, value, label):
        """The first dense layer, which reads a 3 × 3 map: weights from column to row order."""
        weight, bias = self._parameters(f"dense{label}")
        by_column = weight.reshape(weight.shape[0], 3, 3, -1)
        by_row = by_column.transpose(0, 3, 2, 1).reshape(weight.shape)
        value = self._gemm(self.graph.add("Flatten", value, axis=1), by_row, bias)
        return self.leaky(value, self.state[f"prelu{label}.weight"])

    def leaky(self, value, slope):
        """PReLU as slope * x + (1 - slope) * max(x, 0): ONNX Runtime runs this about twice as fast
        as its own PRelu, which branches at every value."""
        kept = self.graph.add("Mul", value, self.graph.floats(slope))
        rest = self.graph.add("Mul", self.graph.add("Relu", value), self.graph.floats(1 - slope))
        return self.graph.add("Add", kept, rest)

    def plain_dense(self, value, label):
        return self._gemm(value, *self._parameters(f"dense{label}"))

    def face_share(self, logits):
        """Of the two classes only the second, the face, is of interest."""
        shares = self.graph.add("Softmax", logits, axis=1)
        one, two = self.graph.integers([1]), self.graph.integers([2])
        return self.graph.add("Slice", shares, one, two, one)

    def map_output(self, name, value, channels):
        self.graph.output(name, value, ["batch", channels, "rows", "columns"])

    def vector_output(self, name, value, width):
        self.graph.output(name, value, ["batch", width])

    def _gemm(self, value, weight, bias):
        weight, bias = self.graph.floats(weight), self.graph.floats(bias)
        return self.graph.add("Gemm", value, weight, bias, transB=1)

    def _parameters(self, layer):
        return self.state[f"{layer}.weight"], self.state[f"{layer}.bias"]
