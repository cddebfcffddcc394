"""The DCGAN generator trained on DigiFace-1M (package gan_face_generate, MIT) as an ONNX graph."""

import restricted_pickle
from graphs import GraphBuilder

LATENT = 100
# Where the archive keeps the generator.
PREFIX = "netG_state_dict.main."
# PyTorch's default; the package does not change it.
BATCH_NORM_EPSILON = 1e-5
# Positions of the transposed convolutions in the generator's sequence; each but the last is
# followed by batch normalisation and ReLU.
CONVOLUTIONS = (0, 3, 6, 9, 12)


def convert(data):
    """Bytes of the package's `weights.tar` → ONNX bytes."""
    state = restricted_pickle.read_state(data)
    graph = GraphBuilder("dcgan-digiface")
    value = graph.input("z", ["batch", LATENT, 1, 1])
    for position in CONVOLUTIONS:
        value = _grow(graph, value, state[f"{PREFIX}{position}.weight"], first=position == 0)
        if position != CONVOLUTIONS[-1]:
            value = _normalise(graph, value, state, f"{PREFIX}{position + 1}.")
    graph.output("image", graph.add("Tanh", value), ["batch", 3, 64, 64])
    return graph.serialised()


def _grow(graph, value, weight, first):
    """The first layer spreads the latent over 4 × 4; each later one doubles the side."""
    stride, padding = (1, 0) if first else (2, 1)
    return graph.add(
        "ConvTranspose",
        value,
        graph.floats(weight),
        kernel_shape=list(weight.shape[2:]),
        strides=[stride, stride],
        pads=[padding] * 4,
    )


def _normalise(graph, value, state, prefix):
    names = ("weight", "bias", "running_mean", "running_var")
    parameters = [graph.floats(state[prefix + name]) for name in names]
    value = graph.add("BatchNormalization", value, *parameters, epsilon=BATCH_NORM_EPSILON)
    return graph.add("Relu", value)
