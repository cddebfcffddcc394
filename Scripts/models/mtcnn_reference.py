"""The MTCNN networks' forward pass in plain numpy, written from the package's layer list.

For tests only. It keeps the package's own order (including the transposition before the dense
layers that the ONNX files do without), so agreement proves the conversion.
"""

import numpy as np
import restricted_pickle


class ReferenceNet:
    """One of the three networks; call it with a normalised batch."""

    def __init__(self, data):
        self.state = {
            name: value.astype(np.float64)
            for name, value in restricted_pickle.read_state(data).items()
        }

    def prelu(self, value, label):
        slope = self.state[f"prelu{label}.weight"]
        slope = slope.reshape([1, -1] + [1] * (value.ndim - 2))
        return np.where(value > 0, value, value * slope)

    def convolution(self, value, label):
        weight, bias = self.state[f"conv{label}.weight"], self.state[f"conv{label}.bias"]
        windows = np.lib.stride_tricks.sliding_window_view(value, weight.shape[2:], axis=(2, 3))
        product = np.tensordot(windows, weight, axes=([1, 4, 5], [1, 2, 3]))
        return product.transpose(0, 3, 1, 2) + bias.reshape(1, -1, 1, 1)

    def activated(self, value, label):
        return self.prelu(self.convolution(value, label), label)

    def dense(self, value, label):
        return value @ self.state[f"dense{label}.weight"].T + self.state[f"dense{label}.bias"]


def pooled(value, kernel):
    """Maximum over windows two apart; the last window may hang over the edge."""
    room = [(-(size - kernel)) % 2 for size in value.shape[2:]]
    padded = np.pad(
        value, [(0, 0), (0, 0), (0, room[0]), (0, room[1])], constant_values=-np.inf
    )
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(2, 3))
    return windows[:, :, ::2, ::2].max(axis=(4, 5))


def face_share(logits):
    """Softmax over the two classes, of which the second is the face."""
    return 1 / (1 + np.exp(logits[:, 0:1] - logits[:, 1:2]))


def flattened(value):
    """Column by column, as the weights expect it."""
    return value.transpose(0, 3, 2, 1).reshape(len(value), -1)


def proposal(net, batch):
    value = pooled(net.activated(batch, "1"), 2)
    value = net.activated(net.activated(value, "2"), "3")
    return face_share(net.convolution(value, "4_1")), net.convolution(value, "4_2")


def refinement(net, batch):
    value = pooled(net.activated(batch, "1"), 3)
    value = pooled(net.activated(value, "2"), 3)
    value = net.prelu(net.dense(flattened(net.activated(value, "3")), "4"), "4")
    return face_share(net.dense(value, "5_1")), net.dense(value, "5_2")


def output(net, batch):
    value = pooled(net.activated(batch, "1"), 3)
    value = pooled(net.activated(value, "2"), 3)
    value = pooled(net.activated(value, "3"), 2)
    value = net.prelu(net.dense(flattened(net.activated(value, "4")), "5"), "5")
    return face_share(net.dense(value, "6_1")), net.dense(value, "6_2"), net.dense(value, "6_3")


FORWARD = {"pnet": proposal, "rnet": refinement, "onet": output}
