"""The peers of `d2r-curate generate`.

    peer.py inputs FOLDER COUNT            identities, noise and Δ for the pipeline in FOLDER
    peer.py numpy  FOLDER STEPS THREADS    ONNX Runtime and numpy, as one would write it in Python
    peer.py torch  FOLDER STEPS THREADS    diffusers in PyTorch, the networks the graphs came from

Batches of 4, guidance 3, DPM-Solver++ 2M. Each prints JSON: seconds of the whole loop without
loading, of it inside the networks, and the final latents' largest difference from ours.
"""

import json
import pathlib
import sys
import time

import numpy as np

BATCH, GUIDANCE = 4, 3.0
HERE = pathlib.Path(__file__).resolve().parent


class Clock:
    """Adds up the time of the calls that go through it."""

    def __init__(self):
        self.seconds = 0.0

    def call(self, function, *words, **more):
        began = time.perf_counter()
        try:
            return function(*words, **more)
        finally:
            self.seconds += time.perf_counter() - began


def inputs(folder, count):
    facts = json.loads((folder / "pipeline/pipeline.json").read_text())
    random = np.random.default_rng(1)
    shape = facts["graphs"]["unet.onnx"]["inputs"]["latent"][1][1:]
    identities = random.standard_normal((count, facts["identity_width"]), dtype="f4")
    identities /= np.linalg.norm(identities, axis=1, keepdims=True)
    delta = 0.2 * random.standard_normal((77, facts["hidden_width"]), dtype="f4")
    delta[: facts["placeholder_position"]] = 0
    np.save(folder / "identities.npy", identities)
    np.save(folder / "noise.npy", random.standard_normal((count, *shape), dtype="f4"))
    np.save(folder / "delta.npy", delta)


def solve(latent, steps, estimate):
    """DPM-Solver++ 2M (Lu et al. 2022), scalars in double precision."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    kept = np.cumprod(1 - betas)
    times = np.round(np.linspace(0, 999, steps + 1))[:0:-1].astype(int)
    alpha = np.append(np.sqrt(kept[times]), 1.0)
    sigma = np.append(np.sqrt(1 - kept[times]), 0.0)
    with np.errstate(divide="ignore"):
        log_ratio = np.log(alpha) - np.log(sigma)
    before = None
    for i, moment in enumerate(times):
        noise = estimate(latent, int(moment))
        clean = (latent - np.float32(sigma[i]) * noise) / np.float32(alpha[i])
        h = log_ratio[i + 1] - log_ratio[i]
        factor = -alpha[i + 1] * np.expm1(-h)
        target = clean
        if before is not None and i < steps - 1:
            ratio = h / (log_ratio[i] - log_ratio[i - 1])
            target = clean + np.float32(0.5 * ratio) * (clean - before)
        latent = np.float32(sigma[i + 1] / sigma[i]) * latent + np.float32(factor) * target
        before = clean
    return latent


class NumpyLoop:
    def __init__(self, folder, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        place = folder / "pipeline"
        names = ("text_encoder", "unet", "vae_decoder")
        self.text, self.unet, self.decoder = (
            onnxruntime.InferenceSession(str(place / f"{name}.onnx"), options) for name in names
        )
        self.empty = np.load(place / "uncond.npy")
        self.clock = Clock()

    def make(self, identities, noise, delta, steps):
        count, run = len(noise), self.clock.call
        conditioning = run(self.text.run, None, {"id_embedding": identities})[0] + delta
        both = np.concatenate([np.repeat(self.empty, count, 0), conditioning])

        def estimate(latent, moment):
            feed = {
                "latent": np.concatenate([latent, latent]),
                "timestep": np.full(2 * count, moment, "i8"),
                "conditioning": both,
            }
            noise = run(self.unet.run, None, feed)[0]
            free, bound = noise[:count], noise[count:]
            return free + np.float32(GUIDANCE) * (bound - free)

        latent = solve(noise, steps, estimate)
        feed = {"latent": latent / np.float32(0.18215)}
        image = run(self.decoder.run, None, feed)[0]
        return latent, image


class TorchLoop:
    def __init__(self, folder, threads):
        scripts = HERE.parent.parent / "Scripts"
        sys.path[:0] = [str(scripts / name) for name in ("export", "models")]
        import torch

        import prompt
        import published
        import reference
        from networks import decoder, text_encoder, unet

        torch.set_num_threads(threads)
        found = published.find(folder / "weights", folder / "base")
        models = (text_encoder(found.encoder), unet(found.unet), decoder(found.vae))
        self.torch, self.drive = torch, reference.Drive
        self.reference = reference.Reference(models, prompt.known())
        self.clock = Clock()

    def make(self, identities, noise, delta, steps):
        arrays = map(self.torch.from_numpy, (identities, noise, delta))
        drive = self.drive("dpm", steps, GUIDANCE, strength=1.0)
        latents, images, _, _ = self.clock.call(self.reference.make, drive, *arrays)
        return latents, images


def loop(kind, folder, steps, threads):
    peer = {"numpy": NumpyLoop, "torch": TorchLoop}[kind](folder, threads)
    identities, noise, delta = (
        np.load(folder / f"{name}.npy") for name in ("identities", "noise", "delta")
    )
    ours = np.load(folder / "out/latents.npy")
    seconds, worst = 0.0, 0.0
    for start in range(0, len(noise), BATCH):
        part = slice(start, start + BATCH)
        began = time.perf_counter()
        latents, images = peer.make(identities[part], noise[part], delta, steps)
        np.round(np.clip(images / 2 + 0.5, 0, 1) * 255).astype("u1")
        seconds += time.perf_counter() - began
        worst = max(worst, float(np.abs(latents - ours[part]).max()))
    facts = {"seconds": seconds, "networkSeconds": peer.clock.seconds, "difference": worst}
    print(json.dumps(facts))


if __name__ == "__main__":
    what, folder, *numbers = sys.argv[1:]
    if what == "inputs":
        inputs(pathlib.Path(folder), int(numbers[0]))
    else:
        loop(what, pathlib.Path(folder), *map(int, numbers))
