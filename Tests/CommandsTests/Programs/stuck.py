"""A generator that gives one picture per person, whatever the seed and however the latent varies: the
picture of the first latent it has seen of those that point the same way.

    python3 stuck.py NETWORK.onnx

Runs beside d2r_exec.py and latent_pictures.py.
"""

import sys

import d2r_exec
import numpy
from latent_pictures import LatentPictures


def main():
    pictures = LatentPictures(sys.argv[1])
    seen = []

    def first(latent):
        direction = latent / numpy.linalg.norm(latent)
        for known, original in seen:
            if known @ direction > 0.5:
                return original
        seen.append((direction, latent))
        return latent

    def make(vectors, seeds):
        # One by one: the same latent gives the same bytes whatever it is asked together with.
        return [pictures.pictures(first(latent)[None])[0] for latent in vectors]

    d2r_exec.serve(make, name="stuck")


main()
