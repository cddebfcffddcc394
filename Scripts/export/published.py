"""The folders the weights are published in: which files there are, and which are missing.

Standard library only: a missing file is said before anything is installed.
"""

import json
import shutil
from dataclasses import dataclass

CONFIG = "config.json"
# By preference. Both hold tensors only; a pickle is read with PyTorch's weights_only.
UNET_WEIGHTS = ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin")
ENCODER_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
# PyTorch and what it needs, unpacked.
ENVIRONMENT_BYTES = 1_500_000_000
MARGIN_BYTES = 200_000_000


class ExportError(Exception):
    """Could not finish; the message says what happened and what to do."""


@dataclass(frozen=True)
class Network:
    """A folder with a network's config and weights."""

    config_path: object
    weights_path: object

    @property
    def bytes(self):
        return self.weights_path.stat().st_size

    def config(self):
        try:
            return json.loads(self.config_path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ExportError(f"{self.config_path} is not JSON: {error}") from None


@dataclass(frozen=True)
class Published:
    """All that is read."""

    unet: Network
    encoder: Network
    vae: Network
    tokenizer: object  # folder, or None
    scheduler: object  # file, or None

    @property
    def bytes(self):
        return sum(network.bytes for network in (self.unet, self.encoder, self.vae))


def find(weights, base):
    """The files in the two folders; everything that is missing is named at once."""
    missing = []
    unet = _network(weights / "arc2face", UNET_WEIGHTS, missing)
    encoder = _network(weights / "encoder", ENCODER_WEIGHTS, missing)
    vae = _network(base / "vae", UNET_WEIGHTS, missing)
    if missing:
        lines = "\n".join(f"  {line}" for line in missing)
        raise ExportError(
            f"these are missing:\n{lines}\nWEIGHTS is the folder that the published weights were"
            " downloaded to, with arc2face/ and encoder/ in it; BASE is a folder of Stable"
            " Diffusion 1.5 in diffusers' layout, with vae/ in it. See docs/export.md."
        )
    tokenizer = base / "tokenizer"
    scheduler = base / "scheduler/scheduler_config.json"
    return Published(
        unet=unet,
        encoder=encoder,
        vae=vae,
        tokenizer=tokenizer if (tokenizer / "vocab.json").is_file() else None,
        scheduler=scheduler if scheduler.is_file() else None,
    )


def _network(folder, names, missing):
    config = folder / CONFIG
    if not config.is_file():
        missing.append(f"{config}")
    weights = next((folder / name for name in names if (folder / name).is_file()), None)
    if weights is None:
        missing.append(f"{folder / names[0]} (or {names[1]})")
    elif weights.stat().st_size < 1000:
        missing.append(f"{weights}: only {weights.stat().st_size} bytes, perhaps a pointer file")
    return Network(config, weights)


def check_place(out, published, halved):
    """The output folder is new, and its disk has room for the graphs twice: while they are made,
    PyTorch's own form of them lies beside the final one."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} is there already; name a new folder, or remove it")
    needed = 2 * published.bytes // (2 if halved else 1) + MARGIN_BYTES
    check_room(out.absolute().parent, needed, "the graphs")


def check_room(folder, needed, what):
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ExportError(
            f"{what} need {needed / 1e9:.1f} GB of disk at {folder}, where {free / 1e9:.1f} GB are"
            " free; make room, or use another disk"
        )
