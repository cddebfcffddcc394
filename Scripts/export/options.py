"""What export-arc2face is told. Standard library only: it is read before there is PyTorch."""

import argparse
import os
import pathlib

DESCRIPTION = """Turns the published Arc2Face weights into ONNX graphs for d2r-curate.

WEIGHTS is the folder with arc2face/ and encoder/ of the published weights, BASE a folder of Stable
Diffusion 1.5 with vae/ (its tokenizer/ and scheduler/ are used where they are there), OUT a new
folder. Nothing is downloaded but the pinned Python packages."""

# Graphs beyond this keep their weights in a file of their own: an ONNX file ends at 2 GB.
EXTERNAL_ABOVE = 1_900_000_000


def parser():
    parser = argparse.ArgumentParser(
        prog="export-arc2face",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("weights", type=pathlib.Path, metavar="WEIGHTS")
    parser.add_argument("base", type=pathlib.Path, metavar="BASE")
    parser.add_argument("out", type=pathlib.Path, metavar="OUT")
    _graph_options(parser.add_argument_group("graphs"))
    _pipeline_options(parser.add_argument_group("pipeline"))
    _environment_options(parser.add_argument_group("environment"))
    return parser


def _graph_options(group):
    add = group.add_argument
    add(
        "--precision",
        choices=("float32", "float16"),
        default="float32",
        help="of weights, latents and conditioning (default: float32)",
    )
    add("--int8", action="store_true", help="matrix products with 8-bit weights")
    add(
        "--timestep",
        choices=("int64", "float32"),
        default="int64",
        help="type of the UNet's timestep (default: int64)",
    )
    add(
        "--timestep-shape",
        choices=("batch", "one", "scalar"),
        default="batch",
        help="one per latent, one in a row, or without a row (default: batch)",
    )
    add(
        "--size",
        type=size,
        metavar="WxH",
        help="of the pictures in pixels (default: what the UNet was trained for)",
    )
    add("--check", action=argparse.BooleanOptionalAction, default=True, help="on by default")
    add(
        "--external-above",
        type=int,
        default=EXTERNAL_ABOVE,
        metavar="BYTES",
        help="graphs beyond this get a file for their weights (default: %(default)s)",
    )


def _pipeline_options(group):
    add = group.add_argument
    add("--name", default="arc2face", help="the model's name in d2r-curate (default: %(default)s)")
    add(
        "--identity-encoder",
        metavar="NAME",
        help="the model in d2r-curate whose vectors these weights were trained with",
    )
    add(
        "--scheduler",
        choices=("dpm", "lcm", "ddim"),
        default="dpm",
        help="DPM-Solver++ 2M, LCM (for weights distilled to it) or DDIM (default: dpm)",
    )
    add("--steps", type=count, default=25, help="default number of steps (default: 25)")
    add("--guidance", type=float, default=3.0, help="default guidance scale (default: 3)")
    add(
        "--identity-width",
        type=count,
        default=512,
        metavar="N",
        help="values per identity vector (default: 512)",
    )


def _environment_options(group):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    group.add_argument(
        "--venv",
        type=pathlib.Path,
        default=cache / "d2r-curate/export-venv",
        metavar="DIR",
        help="where the private Python environment is kept (default: %(default)s)",
    )
    group.add_argument(
        "--python",
        type=pathlib.Path,
        metavar="FILE",
        help="an interpreter that has PyTorch and the rest already, instead of the private one",
    )
    group.add_argument("--threads", type=count, default=os.cpu_count(), metavar="N")


def parsed():
    """The options, or an exit with a message where they do not go together."""
    reader = parser()
    options = reader.parse_args()
    if options.int8 and options.precision != "float32":
        reader.error("--int8 starts from float32 weights: leave --precision out")
    return options


def count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is below 1")
    return number


def size(text):
    """`512x512` as (width, height)."""
    parts = text.split("x")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(f"'{text}' is not like 512x512")
    width, height = map(int, parts)
    if width < 8 or height < 8 or width % 8 or height % 8:
        raise argparse.ArgumentTypeError("both sides must be multiples of 8 pixels")
    return width, height
