#!/usr/bin/python3 -B
"""Proves that export-arc2face makes graphs which compute what the networks compute.

Makes tiny random networks in the layout of the published weights, exports them in every variant,
and compares: graphs with PyTorch, and pictures of the built `d2r-curate generate` with those of
diffusers' StableDiffusionPipeline. Makes itself a private environment in --venv DIR.
"""

import argparse
import hashlib
import json
import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "models")]
sys.dont_write_bytecode = True

import environment  # noqa: E402
import published  # noqa: E402
from checks import Checks  # noqa: E402
from private_venv import PrivateVenvError  # noqa: E402

WIDTH = 16
# Largest difference between a float32 graph and the network it came from.
CLOSE = 1e-4


def main():
    options = parsed_options()
    if pathlib.Path(sys.prefix).resolve() != options.venv.resolve():
        try:
            python = environment.ready(options.venv)
        except (published.ExportError, PrivateVenvError) as error:
            print(f"test_export: {error}", file=sys.stderr)
            return 2
        if not options.prepare:
            os.execv(python, [python, "-B", __file__, *sys.argv[1:]])
    if options.prepare:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return Trial(options, pathlib.Path(folder)).run()


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--venv", type=pathlib.Path, default=ROOT / ".build/export-tests")
    parser.add_argument("--tool", type=pathlib.Path, default=ROOT / ".build/release/d2r-curate")
    parser.add_argument("--prepare", action="store_true", help="only make the environment")
    return parser.parse_args()


class Trial(Checks):
    """One run of all checks; counts what passed."""

    def __init__(self, options, folder):
        super().__init__()
        self.options, self.folder = options, folder
        self.exports = 0
        self.weights, self.base = folder / "weights", folder / "base"

    def run(self):
        import diffusers
        import tiny_networks
        import torch

        diffusers.logging.set_verbosity_error()
        # Networks this small are only held up by more threads.
        torch.set_num_threads(1)
        self.tiny = tiny_networks
        self.models = tiny_networks.make(tiny_networks.TINY)
        tiny_networks.write(self.models, self.weights, self.base)
        checks = (
            self.front_door,
            self.variants,
            self.same_bytes,
            self.early_autoencoder,
            self.tokenizer,
            self.refusals,
            self.program,
        )
        return self.run_all(checks)

    # Exporting.

    def exported(self, *words, weights=None, base=None):
        """Exports in this process; returns the new folder."""
        import options
        import run

        self.exports += 1
        out = self.folder / f"out{self.exports}"
        places = [str(weights or self.weights), str(base or self.base), str(out)]
        usual = ["--identity-width", str(WIDTH), "--threads", "1"]
        given = options.parser().parse_args([*places, *usual, *words])
        run.export(published.find(given.weights, given.base), given)
        return out

    def front_door(self):
        """The script itself, as a user starts it."""
        out = self.folder / "front"
        done = self.script(self.weights, self.base, out)
        self.report("the script runs", done.returncode == 0)
        names = {path.name for path in out.iterdir()}
        wanted = {"text_encoder.onnx", "unet.onnx", "vae_decoder.onnx", "uncond.npy"}
        self.report(f"the script writes {sorted(names)}", names == wanted | {"pipeline.json"})
        facts = read(out)
        self.report(
            "DPM-Solver++ takes the steps of Stable Diffusion 1.5",
            facts["scheduler"]["timesteps"][:3] == [999, 959, 919],
        )
        again = self.script(self.weights, self.base, out)
        self.report("a folder that is there is refused", self.refused(again, "there already"))

    def script(self, *words):
        command = [HERE.parent / "export-arc2face", *words, "--identity-width", WIDTH]
        command += ["--threads", 1, "--python", sys.executable]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True)

    @staticmethod
    def refused(done, *parts):
        return done.returncode == 2 and all(part in done.stderr for part in parts)

    # Variants.

    def variants(self):
        import numpy

        plain = self.plain = self.differences("as it is", CLOSE)
        one = ("--timestep", "float32", "--timestep-shape", "one", "--size", "96x64")
        wide = self.differences("one float timestep, 96 × 64 pixels", CLOSE, *one)
        timestep = read(wide)["graphs"]["unet.onnx"]["inputs"]["timestep"]
        self.report(f"one float timestep is {timestep}", timestep == ["float32", [1]])
        scalar = self.differences("scalar timestep", CLOSE, "--timestep-shape", "scalar")
        timestep = read(scalar)["graphs"]["unet.onnx"]["inputs"]["timestep"]
        self.report(f"scalar timestep is {timestep}", timestep == ["int64", []])
        image = read(wide)["graphs"]["vae_decoder.onnx"]["outputs"]["image"][1]
        self.report(f"96 × 64 pixels are {image}", image == ["batch", 3, 64, 96])
        half = self.differences("float16", 2e-2, "--precision", "float16")
        inputs = read(half)["graphs"]["unet.onnx"]["inputs"]
        types = {name: kind for name, (kind, _) in inputs.items()}
        wanted = {"latent": "float16", "timestep": "int64", "conditioning": "float16"}
        self.report(f"float16 inputs are {types}", types == wanted)
        small = self.differences("int8", 0.3, "--int8")
        self.others = {"float16": half, "int8": small, "scalar timestep": scalar}
        self.external()
        empty = numpy.load(plain / "uncond.npy")
        self.report("the empty prompt is float32", empty.dtype == "<f4")

    def differences(self, what, allowed, *words):
        out = self.exported(*words)
        worst = read(out)["measured_max_abs_difference"]
        text = ", ".join(f"{name} {value:.1e}" for name, value in worst.items())
        self.report(f"{what}: {text}", len(worst) == 3 and max(worst.values()) < allowed)
        return out

    def external(self):
        """Large weights go into one file beside the graph, listed with its digest."""
        out = self.differences("weights outside", CLOSE, "--external-above", "100000")
        self.others["weights outside"] = out
        listed = read(out)["sha256"]
        there = {path.name for path in out.iterdir()} - {"pipeline.json"}
        self.report(f"weights outside: {sorted(there)}", "unet.onnx_data" in there)
        modes = {(out / name).stat().st_mode for name in there}
        self.report("all are readable alike", len(modes) == 1)
        right = all(sha256(out / name) == digest for name, digest in listed.items())
        self.report("every file is listed with its SHA-256", right and set(listed) == there)

    def same_bytes(self):
        again = self.exported()
        names = sorted(path.name for path in again.iterdir())
        same = all(sha256(again / name) == sha256(self.plain / name) for name in names)
        self.report("two exports have the same bytes", same)

    # What else is published.

    def early_autoencoder(self):
        """Stable Diffusion 1.5's own file names its attention layers in the early way."""
        import networks
        from safetensors.torch import load_file, save_file

        base = self.folder / "early"
        shutil.copytree(self.base, base)
        path = base / "vae/diffusion_pytorch_model.safetensors"
        early = {modern: name for name, modern in networks.EARLY_NAMES.items()}
        renamed = {}
        for name, tensor in load_file(path).items():
            for modern, old in early.items():
                if "attentions" in name:
                    name = name.replace(f".{modern}.", f".{old}.")
            renamed[name] = tensor
        changed = sum(".query." in name for name in renamed)
        save_file(renamed, path)
        out, name = self.exported(base=base), "vae_decoder.onnx"
        same = (out / name).read_bytes() == (self.plain / name).read_bytes()
        self.report(f"early names of {changed} layers are understood", changed > 0 and same)

    def tokenizer(self):
        base = self.folder / "tokenizer"
        shutil.copytree(self.base, base)
        self.tiny.write_tokenizer(base / "tokenizer")
        known, found = read(self.plain), read(self.exported(base=base))
        for name in ("prompt_ids", "empty_prompt_ids", "placeholder_position", "pad"):
            self.report(f"the tokenizer's {name} are the known ones", known[name] == found[name])

    # What is refused.

    def refusals(self):
        self.refuses("nothing there", "arc2face/config.json", weights=self.folder / "nowhere")
        self.refuses("a file that runs code", "holds more than tensors", weights=self.evil())
        self.refuses("another network's weights", "does not belong to", weights=self.foreign())
        self.refuses("another width", "do not belong together", weights=self.mismatched())
        left = [path for path in self.folder.iterdir() if path.name.startswith(".")]
        self.report("nothing half-made is left", not left)
        self.report("no code was run", not (self.folder / "ran").exists())

    def refuses(self, what, part, **places):
        try:
            self.exported(**places)
        except published.ExportError as error:
            return self.report(f"{what}: {str(error).splitlines()[0]}", part in str(error))
        return self.report(f"{what} was not refused", False)

    # The program.

    def program(self):
        import program_checks

        if not os.access(self.options.tool, os.X_OK):
            return self.report(f"no program at {self.options.tool}: swift build -c release", False)
        close = (program_checks.LATENTS, program_checks.IMAGES)
        far = {"float16": (0.2, 0.02), "int8": (2, 0.2)}
        checks = program_checks.ProgramChecks(
            self.options.tool, self.folder, self.models, self.report
        )
        checks.pictures(self.plain)
        for what, pipeline in self.others.items():
            checks.variant(what, pipeline, far.get(what, close))

    def changed(self, name):
        copy = self.folder / name
        shutil.copytree(self.weights, copy)
        return copy

    def evil(self):
        copy = self.changed("evil")
        mark = str(self.folder / "ran")

        class Evil:
            def __reduce__(self):
                return os.mkdir, (mark,)

        data = pickle.dumps({"weight": Evil(), "padding": b"0" * 2000}, protocol=2)
        (copy / "encoder/pytorch_model.bin").write_bytes(data)
        return copy

    def foreign(self):
        copy = self.changed("foreign")
        path = copy / "arc2face/config.json"
        facts = json.loads(path.read_text())
        facts["block_out_channels"] = [16, 64]
        path.write_text(json.dumps(facts))
        return copy

    def mismatched(self):
        from dataclasses import replace

        weights, base = self.folder / "mismatched", self.folder / "mismatched-base"
        other = self.tiny.make(replace(self.tiny.TINY, hidden=64))
        self.tiny.write(other, weights, base)
        shutil.rmtree(weights / "encoder")
        shutil.copytree(self.weights / "encoder", weights / "encoder")
        return weights


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder):
    return json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
