"""The peer of `d2r-curate index`: Pillow and ONNX Runtime as one would write it in Python.

Decodes every picture of a folder, resizes it as the manifests say, and runs the identity and the
image encoder in batches of 32 with 2 threads. Prints seconds and pictures per second.
"""

import json
import pathlib
import sys
import time

import numpy
import onnxruntime
from PIL import Image

BATCH = 32
THREADS = 2


class Encoder:
    """One network with the preprocessing of its manifest."""

    def __init__(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        self.session = onnxruntime.InferenceSession(
            str(folder / manifest["files"]["main"]["file"]), options
        )
        self.input = manifest["input"]
        self.output = manifest["output"]["name"]
        self.mean = numpy.float32(self.input["mean"]).reshape(3, 1, 1)
        self.std = numpy.float32(self.input["std"]).reshape(3, 1, 1)

    def ready(self, picture):
        size = (self.input["width"], self.input["height"])
        pixels = numpy.asarray(picture.resize(size, Image.BILINEAR), numpy.float32)
        return (pixels.transpose(2, 0, 1) - self.mean) / self.std

    def run(self, pictures):
        batch = numpy.stack([self.ready(picture) for picture in pictures])
        return self.session.run([self.output], {self.input["name"]: batch})[0]


def main():
    pictures, models = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    suffixes = {".png", ".jpg", ".jpeg", ".webp"}
    files = sorted(path for path in pictures.rglob("*") if path.suffix.lower() in suffixes)
    encoders = [Encoder(models / "dlib-resnet-v1"), Encoder(models / "efficientnet-lite0")]
    start = time.perf_counter()
    for first in range(0, len(files), BATCH):
        batch = [Image.open(path).convert("RGB") for path in files[first : first + BATCH]]
        for encoder in encoders:
            encoder.run(batch)
    seconds = time.perf_counter() - start
    print(json.dumps({"pictures": len(files), "seconds": seconds, "rate": len(files) / seconds}))


if __name__ == "__main__":
    main()
