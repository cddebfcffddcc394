#!/usr/bin/env python3
"""A stand-in for a generator that is driven by identities, made of a DCGAN and an identity encoder:
python3 identity.py DCGAN.onnx ENCODER.onnx [BANK]

A bank of BANK random latents (default 512) is drawn once and its pictures are embedded. An order's
identity vector picks the nearest of them; the order's seed draws a variation of that latent. It
resembles nobody better than its bank does: good for trying out what conditions on identities, not
for making data sets. Needs NumPy and onnxruntime.
"""

import sys

import d2r_exec
import numpy
import onnxruntime

from latent_pictures import LatentPictures

# Seed of the bank; another one is another generator.
BANK_SEED = 20240501
# How far a variation is from its latent: 0 repeats it, 1 is another one.
VARIATION = 0.15


def main():
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 512
    pictures = LatentPictures(sys.argv[1])
    encoder = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
    bank = numpy.random.Generator(numpy.random.Philox(BANK_SEED)).standard_normal(
        (size, pictures.width), dtype=numpy.float32)
    directions = numpy.concatenate([
        embed(encoder, pictures.planes(bank[start:start + 32])) for start in range(0, size, 32)
    ])

    def prepare(greeting):
        width = directions.shape[1]
        if greeting["kind"] != "identity" or greeting["width"] != width:
            raise ValueError(f"takes identities of {width} values")

    def make(vectors, seeds):
        nearest = numpy.argmax(vectors @ directions.T, axis=1)
        latents = numpy.stack([varied(bank[row], seed) for row, seed in zip(nearest, seeds)])
        return pictures.pictures(latents)

    d2r_exec.serve(make, name=f"nearest of {size} latents", prepare=prepare)


def varied(latent, seed):
    """cos(a) z + sin(a) e keeps the latent distributed as before; e from the order's seed alone."""
    noise = numpy.random.Generator(numpy.random.Philox(seed)).standard_normal(
        latent.shape, dtype=numpy.float32)
    angle = numpy.float32(VARIATION * numpy.pi / 2)
    return numpy.cos(angle) * latent + numpy.sin(angle) * noise


def embed(encoder, planes):
    """Unit vectors of [N, 3, height, width] in -1...1: the whole picture, stretched to the input."""
    port = encoder.get_inputs()[0]
    side = port.shape[-1]
    places = numpy.arange(side) * planes.shape[-1] // side
    inputs = (planes[:, :, places][:, :, :, places] + 1) * numpy.float32(127.5)
    vectors = encoder.run(None, {port.name: inputs})[0]
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


main()
