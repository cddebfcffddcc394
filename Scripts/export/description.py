"""pipeline.json: everything about the graphs that is not in them."""

import hashlib
import importlib.metadata
import json
import math
import platform

import diffusers
import onnx

from prompt import TEXT
from traced import OPSET

# Stable Diffusion 1.5's scheduler_config.json, for a BASE without one.
SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
    "clip_sample": False,
}
SCHEDULERS = {
    "dpm": "DPMSolverMultistepScheduler",
    "lcm": "LCMScheduler",
    "ddim": "DDIMScheduler",
}
PACKAGES = ("torch", "diffusers", "transformers", "onnx", "onnxruntime", "numpy")
SOURCE = "the published Arc2Face weights, by export-arc2face"
LICENCE = (
    "MIT for the published weights; they were trained on WebFace42M, FFHQ and CelebA-HQ, whose"
    " terms allow research only. Stable Diffusion 1.5: CreativeML OpenRAIL-M"
)


def scheduler(name, config_path):
    """As a pipeline swaps its scheduler: the stored config, else the new class's defaults."""
    stored = json.loads(config_path.read_text(encoding="utf-8")) if config_path else SCHEDULER
    original = diffusers.PNDMScheduler.from_config(stored)
    return getattr(diffusers, SCHEDULERS[name]).from_config(original.config)


def scheduler_facts(made, steps):
    made.set_timesteps(steps)
    config = {k: _plain(v) for k, v in dict(made.config).items() if not k.startswith("_")}
    return {
        "class": type(made).__name__,
        "config": config,
        "timesteps": [int(t) for t in made.timesteps],
    }


def _plain(value):
    """JSON has no infinity."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def graph_facts(path):
    """Names, types and shapes of a graph's inputs and outputs as they stand in the file."""
    graph = onnx.load(path, load_external_data=False).graph
    return {
        "inputs": {value.name: _type(value) for value in graph.input},
        "outputs": {value.name: _type(value) for value in graph.output},
    }


def _type(value):
    tensor = value.type.tensor_type
    name = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type).name
    return [name, [dim.dim_param or dim.dim_value for dim in tensor.shape.dim]]


def prompt_facts(prompt):
    return {
        "prompt": TEXT,
        "prompt_ids": list(prompt.ids),
        "empty_prompt_ids": list(prompt.empty),
        "placeholder_position": prompt.placeholder,
        "bos": prompt.begin,
        "eos": prompt.end,
        "pad": prompt.pad,
        "sequence_length": len(prompt.ids),
        # What comes before the placeholder does not see the identity: attention is causal.
        "delta_zero_positions": list(range(prompt.placeholder)),
        "delta_branch": "conditional only",
    }


def rules(scale):
    return {
        "scaling_factor": scale,
        "scaling_rule": f"image = decoder(latent / {scale}); the division is outside the graph",
        "image_rule": "8-bit image = round(clamp(image/2 + 0.5, 0, 1) * 255), channels last",
        "guidance_rule": "eps = eps_uncond + guidance * (eps_cond - eps_uncond); UNet batch order"
        " is [uncond…, cond…]",
        "init_noise_sigma": 1.0,
        "opset": OPSET,
    }


def versions():
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found}


def digests(folder):
    """SHA-256 of every file, weights outside the graphs included."""
    return {path.name: sha256(path) for path in sorted(folder.iterdir())}


def write(facts, path):
    text = json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
