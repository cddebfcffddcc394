#!/usr/bin/env python3
"""A DCGAN in ONNX as a d2r-exec generator: python3 dcgan.py NETWORK.onnx

Needs NumPy and onnxruntime.
"""

import sys

import d2r_exec

from latent_pictures import LatentPictures


def main():
    pictures = LatentPictures(sys.argv[1])

    def prepare(greeting):
        if greeting["kind"] != "latent" or greeting["width"] != pictures.width:
            raise ValueError(f"takes latents of {pictures.width} values")

    d2r_exec.serve(
        lambda vectors, seeds: pictures.pictures(vectors), name="dcgan", prepare=prepare)


main()
