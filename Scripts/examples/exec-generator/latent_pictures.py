"""Pictures of a DCGAN in ONNX: latents [N, width] in, planes in -1...1 out."""

import numpy
import onnxruntime


class LatentPictures:
    def __init__(self, network):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            network, options, providers=["CPUExecutionProvider"])
        self.port = self.session.get_inputs()[0]
        self.width = self.port.shape[1]

    def planes(self, latents):
        """[N, 3, height, width]."""
        return self.session.run(
            None, {self.port.name: latents.reshape(-1, self.width, 1, 1)})[0]

    def pictures(self, latents):
        """uint8 [height, width, 3] each, or why there is none; halves away from zero."""
        return [
            self._pixels(planes) if numpy.isfinite(planes).all() else "a value that is not finite"
            for planes in self.planes(latents)
        ]

    def _pixels(self, planes):
        levels = numpy.clip((planes + numpy.float32(1)) * numpy.float32(127.5), 0, 255)
        whole = numpy.floor(levels.astype(numpy.float64) + 0.5)
        return whole.astype(numpy.uint8).transpose(1, 2, 0)
