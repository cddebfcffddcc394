"""A generator that has learned faces by heart: every twentieth seed, on average, it gives a picture of
a gallery instead of its own.

    python3 memorising.py NETWORK.onnx GALLERY LOG

LOG gets one line per gallery picture given: the seed and the path. Runs beside d2r_exec.py and
latent_pictures.py.
"""

import os
import pathlib
import shutil
import sys

import d2r_exec
from latent_pictures import LatentPictures

ONE_IN = 20


class Copy:
    """A picture that is a file already."""

    def __init__(self, path):
        self.path = path


def main():
    pictures = LatentPictures(sys.argv[1])
    gallery = sorted(pathlib.Path(sys.argv[2]).glob("*/*.*"))
    write_png = d2r_exec.write_png

    def write(path, picture):
        if isinstance(picture, Copy):
            shutil.copyfile(picture.path, path)
        else:
            write_png(path, picture)

    d2r_exec.write_png = write

    def make(vectors, seeds):
        made = pictures.pictures(vectors)
        for place, seed in enumerate(seeds):
            if seed % ONE_IN == 0 and seed > 0:
                made[place] = Copy(gallery[seed // ONE_IN % len(gallery)])
                with open(sys.argv[3], "a") as log:
                    log.write(f"{seed} {made[place].path}\n")
        return made

    d2r_exec.serve(make, name="memorising")


main()
