"""The built `d2r-curate`: exported pipelines are installed, and their pictures are diffusers'."""

import json
import os
import pathlib
import subprocess

import numpy
import torch
from PIL import Image

import prompt as prompts
from catalogue import RUNTIME_PATH
from install_folder import InstallFolder
from reference import Drive, Reference

COUNT = 3
# Largest absolute differences; latents reach some tens, images some units.
LATENTS, IMAGES, LEVELS = 4e-4, 5e-5, 1
DRIVES = (
    Drive("dpm", 25, 3.0),
    Drive("dpm", 10, 1.5, strength=1.0),
    Drive("dpm", 4, 7.5, strength=0.5),
    Drive("dpm", 3, 1.0),
    Drive("dpm", 2, 3.0, strength=-1.0),
    Drive("dpm", 1, 3.0),
    Drive("lcm", 4, 1.0, strength=1.0),
    Drive("lcm", 2, 1.0),
    Drive("lcm", 3, 2.0),
    Drive("ddim", 10, 3.0, strength=1.0),
    Drive("ddim", 7, 1.0),
    Drive("ddim", 1, 3.0),
)
NAMES = {"dpm": "dpm-solver", "lcm": "lcm", "ddim": "ddim"}


def runtime():
    """ONNX Runtime as installed for d2r-curate, else the one in this environment."""
    installed = InstallFolder.default_root() / RUNTIME_PATH
    if installed.is_file():
        return installed
    import onnxruntime

    return next(pathlib.Path(onnxruntime.__file__).parent.glob("capi/libonnxruntime.so.*"))


class Program:
    """One install folder of its own."""

    def __init__(self, tool, folder):
        self.tool, self.folder, self.runs = tool, folder, 0
        home = {"D2R_HOME": str(folder / "home"), "D2R_ONNXRUNTIME": str(runtime())}
        self.environment = os.environ | home

    def run(self, *words):
        """Standard output as JSON."""
        command = [str(self.tool), *map(str, words), "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: code {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def generate(self, model, drive, inputs, *words):
        """(latents, images, pictures)"""
        self.runs += 1
        out = self.folder / f"pictures{self.runs}"
        named = [word for name, path in inputs.items() for word in (f"--{name}", path)]
        if drive.strength is not None:
            named += ["--strength", drive.strength]
        self.run(
            *("generate", "--model", model, "--output", out, "--scheduler", NAMES[drive.scheduler]),
            *("--steps", drive.steps, "--guidance", drive.guidance, "--batch", 2),
            *("--save-latents", "--save-images", "--threads", 1, "--quiet", *named, *words),
        )
        pictures = [Image.open(path) for path in sorted(out.glob("*.png"))]
        return numpy.load(out / "latents.npy"), numpy.load(out / "images.npy"), pictures


class ProgramChecks:
    """`report` is told what was found."""

    def __init__(self, tool, folder, models, report):
        self.program, self.folder = Program(tool, folder), folder
        self.report = report
        self.reference = Reference(models, prompts.known())
        random = torch.Generator().manual_seed(11)
        identities = torch.randn(COUNT, 16, generator=random)
        self.identities = torch.nn.functional.normalize(identities, dim=1)
        self.delta = self.reference.offset(12)
        self.noise = torch.randn(COUNT, 4, 8, 8, generator=random)

    def file(self, name, array):
        path = self.folder / f"{name}.npy"
        numpy.save(path, numpy.asarray(array, dtype="<f4"))
        return path

    def add(self, pipeline, name):
        self.program.run("models", "add", pipeline, "--name", name)

    def pictures(self, pipeline):
        """Float32 graphs, every scheduler."""
        self.add(pipeline, "plain")
        for drive in DRIVES:
            worst = self.differences("plain", drive)
            good = worst[0] <= LATENTS and worst[1] <= IMAGES and worst[2] <= LEVELS
            self.report(f"{drive}: {said(worst)}", good)

    def variant(self, what, pipeline, allowed):
        """Another export of the same networks; `allowed` differences of latents and images."""
        name = f"variant{self.program.runs}"
        self.add(pipeline, name)
        worst = self.differences(name, Drive("dpm", 10, 3.0, strength=1.0))
        good = worst[0] <= allowed[0] and worst[1] <= allowed[1]
        self.report(f"generating, {what}: {said(worst)}", good)

    def differences(self, model, drive):
        """Largest ones of latents, images and levels."""
        inputs = (self.identities, self.noise, self.delta)
        latents, images, pictures, drawn = self.reference.make(drive, *inputs)
        files = {
            "identities": self.file("identities", self.identities),
            "noise": self.file("noise", self.noise),
        }
        if drive.strength is not None:
            files["delta"] = self.file("delta", self.delta)
        if drawn:
            files["step-noise"] = self.file("step-noise", torch.stack(drawn))
        mine = self.program.generate(model, drive, files)
        levels = [
            numpy.abs(numpy.asarray(a, "i2") - numpy.asarray(b, "i2")).max()
            for a, b in zip(mine[2], pictures, strict=True)
        ]
        found = (numpy.abs(mine[0] - latents).max(), numpy.abs(mine[1] - images).max(), max(levels))
        return tuple(map(float, found))


def said(worst):
    return f"latents {worst[0]:.1e}, images {worst[1]:.1e}, levels {worst[2]:.0f}"
