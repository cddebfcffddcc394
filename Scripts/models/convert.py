"""Turns downloaded weights into the networks' ONNX files. Runs in the private environment.

Usage: convert.py WEIGHTS OUT NETWORK…
WEIGHTS holds the packages' files as WEIGHTS/<network>/<part>; the results go to
OUT/models/<network>/<file>.
"""

import importlib
import pathlib
import sys

from catalogue import NETWORKS


def convert_part(weights, part):
    """Bytes of one part's weights → ONNX bytes."""
    module, function = part.converter.split(".")
    return getattr(importlib.import_module(module), function)(weights)


def main(weights, out, *names):
    for network in NETWORKS:
        if network.name not in names:
            continue
        for part in network.parts:
            source = pathlib.Path(weights) / network.name / part.key
            target = pathlib.Path(out) / network.path(part)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(convert_part(source.read_bytes(), part))


if __name__ == "__main__":
    main(*sys.argv[1:])
