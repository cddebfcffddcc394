"""The installed networks as the test servers serve them: NumPy arrays in, NumPy arrays out.

One thread per network, so that answers do not depend on how many processors there are.
"""

import os
import pathlib

import numpy
import onnxruntime

LARGEST_BATCH = 8


def install_folder():
    home = os.environ.get("D2R_HOME")
    return pathlib.Path(home) if home else pathlib.Path.home() / ".local/share/d2r-curate"


class Network:
    """One ONNX file of the install folder."""

    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        path = install_folder() / "models" / model / f"{model}.onnx"
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def run(self, name, values):
        return self.session.run(None, {name: numpy.ascontiguousarray(values, numpy.float32)})[0]


class Pictures:
    """`dcgan`: latents FP32 [N, 100] to pictures FP32 [N, 3, 64, 64] in -1...1."""

    name, input, output = "dcgan", "z", "image"
    takes, gives = (100,), (3, 64, 64)

    def __init__(self):
        self.network = Network("dcgan-digiface")

    def __call__(self, latents):
        return self.network.run("z", latents.reshape(-1, 100, 1, 1))


class Identities:
    """`identity`: aligned faces FP32 [N, 3, 112, 112] to vectors FP32 [N, 128]."""

    name, input, output = "identity", "input", "embedding"
    takes, gives = (3, 112, 112), (128,)

    def __init__(self):
        self.network = Network("dlib-resnet-v1")

    def __call__(self, faces):
        return self.network.run("input", faces)


SERVED = (Pictures, Identities)
