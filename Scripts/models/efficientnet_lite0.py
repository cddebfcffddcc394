"""EfficientNet-Lite0 (ImageNet, Apache-2.0) up to its pooled features, as an ONNX graph.

The classifier is left out: the image space wants the 1280 pooled numbers before it.
"""

import numpy as np
import restricted_pickle
from graphs import GraphBuilder

SIDE = 224
WIDTH = 1280
BLOCKS = 16
# Blocks that halve the side; the rest keep it (published block table of EfficientNet-B0, which
# Lite0 shares).
HALVING_BLOCKS = (1, 3, 5, 11)
# The epsilon these weights were trained with, not PyTorch's default.
BATCH_NORM_EPSILON = 1e-3


def convert(data):
    """Bytes of `efficientnet-lite0-*.pth` → ONNX bytes."""
    layers = Layers(restricted_pickle.read_state(data))
    value = layers.graph.input("input", ["batch", 3, SIDE, SIDE])
    value = layers.clipped(value, "_conv_stem", "_bn0", stride=2)
    for number in range(BLOCKS):
        value = _block(layers, value, f"_blocks.{number}.", 2 if number in HALVING_BLOCKS else 1)
    value = layers.clipped(value, "_conv_head", "_bn1")
    value = layers.graph.add("ReduceMean", value, axes=[2, 3], keepdims=0)
    layers.graph.output("embedding", value, ["batch", WIDTH])
    return layers.graph.serialised()


def _block(layers, value, prefix, stride):
    """Widen, filter each channel, narrow; with a short cut where the shapes allow it."""
    entry = value
    if layers.has(f"{prefix}_expand_conv"):
        value = layers.clipped(value, f"{prefix}_expand_conv", f"{prefix}_bn0")
    value = layers.clipped(value, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride)
    value = layers.convolved(value, f"{prefix}_project_conv", f"{prefix}_bn2")
    if stride == 1 and layers.keeps_channels(prefix):
        value = layers.graph.add("Add", value, entry)
    return value


class Layers:
    """The weights by name and the graph they go into; knows the current side for the padding."""

    def __init__(self, state):
        self.state = state
        self.graph = GraphBuilder("efficientnet-lite0")
        self.side = SIDE
        self.low, self.high = self.graph.floats(0.0), self.graph.floats(6.0)

    def has(self, name):
        return f"{name}.weight" in self.state

    def keeps_channels(self, prefix):
        widest = "_expand_conv" if self.has(f"{prefix}_expand_conv") else "_depthwise_conv"
        entry = self.state[f"{prefix}{widest}.weight"]
        entry_channels = entry.shape[1] if widest == "_expand_conv" else entry.shape[0]
        return self.state[f"{prefix}_project_conv.weight"].shape[0] == entry_channels

    def clipped(self, value, convolution, norm, stride=1):
        """A convolution and ReLU6, the Lite variants' activation."""
        value = self.convolved(value, convolution, norm, stride)
        return self.graph.add("Clip", value, self.low, self.high)

    def convolved(self, value, convolution, norm, stride=1):
        """A convolution with its batch normalisation folded in, in double precision."""
        weight = self.state[f"{convolution}.weight"]
        scale, shift = self._affine(norm)
        group = weight.shape[0] if convolution.endswith("_depthwise_conv") else 1
        pads = self._same_padding(weight.shape[2], stride)
        folded = weight * scale.reshape(-1, 1, 1, 1)
        return self.graph.convolution(value, folded, shift, stride, pads, group)

    def _affine(self, norm):
        mean, variance, gamma, beta = (
            self.state[f"{norm}.{name}"].astype(np.float64)
            for name in ("running_mean", "running_var", "weight", "bias")
        )
        scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        return scale, beta - mean * scale

    def _same_padding(self, kernel, stride):
        """TensorFlow's "same": the odd pixel goes to the bottom and the right."""
        before, self.side = self.side, -(-self.side // stride)
        total = max((self.side - 1) * stride + kernel - before, 0)
        return (total // 2, total // 2, total - total // 2, total - total // 2)
