"""The export itself, in an environment that has PyTorch. Started by export-arc2face."""

import contextlib
import gc
import os
import pathlib
import shutil
import sys
import tempfile

for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "DIFFUSERS_OFFLINE"):
    os.environ[name] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = os.environ["DO_NOT_TRACK"] = "1"

import diffusers  # noqa: E402
import numpy  # noqa: E402
import onnx  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

import comparison  # noqa: E402
import description  # noqa: E402
import networks  # noqa: E402
import options as words  # noqa: E402
import prompt as prompts  # noqa: E402
import published  # noqa: E402
import traced  # noqa: E402
from published import ExportError  # noqa: E402

STEPS = 4


def main():
    options = words.parsed()
    torch.set_num_threads(options.threads)
    diffusers.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()
    try:
        source = published.find(options.weights, options.base)
        published.check_place(options.out, source, options.precision == "float16")
        export(source, options)
    except ExportError as error:
        print(f"export-arc2face: {error}", file=sys.stderr)
        return 2
    except (MemoryError, RuntimeError) as error:
        print(
            f"export-arc2face: PyTorch gave up: {error}. The networks of Arc2Face need about 16 GB"
            " of memory to export.",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        print(f"export-arc2face: {error}; nothing was kept", file=sys.stderr)
        return 2
    return 0


def export(source, options):
    """All into a folder beside OUT, which gets OUT's name when everything is there and right."""
    out = options.out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    with work_folder(out) as work:
        folder = work / "pipeline"
        folder.mkdir()
        description.write(Export(source, options, work, folder).facts(), folder / "pipeline.json")
        if out.exists():
            out.rmdir()
        folder.rename(out)
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f"export-arc2face: done, {size / 1e6:.0f} MB; now: d2r-curate models add {options.out}")
    print(f"export-arc2face: licence: {description.LICENCE}")


@contextlib.contextmanager
def work_folder(out):
    work = pathlib.Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def say(step, what):
    print(f"export-arc2face: {step}/{STEPS} {what}", flush=True)


class Export:
    """One network after the other, so that only one is in memory."""

    def __init__(self, source, options, work, folder):
        self.source, self.options = source, options
        self.scratch, self.folder = work / "scratch", folder
        self.graphs, self.differences = {}, {}

    def facts(self):
        """Writes all files and returns what pipeline.json says of them."""
        with torch.no_grad():
            steps = (self._text_encoder, self._unet, self._decoder)
            made = [step(number) for number, step in enumerate(steps, start=1)]
        say(4, "describing the pipeline")
        options = self.options
        scheduler = description.scheduler(options.scheduler, self.source.scheduler)
        facts = {"what": "identity vector -> conditioning -> diffusion with guidance -> picture"}
        facts |= {"name": options.name, "source": description.SOURCE}
        facts |= {"licence": description.LICENCE}
        if options.identity_encoder:
            facts["identity_encoder"] = options.identity_encoder
        for part in made:
            facts |= part
        return facts | {
            "steps": options.steps,
            "guidance": options.guidance,
            "precision": "int8" if options.int8 else options.precision,
            "scheduler": description.scheduler_facts(scheduler, options.steps),
            "graphs": self.graphs,
            "sha256": description.digests(self.folder),
            "measured_max_abs_difference": self.differences,
            "versions": description.versions(),
        }

    def _text_encoder(self, number):
        say(number, "text encoder")
        model = networks.text_encoder(self.source.encoder)
        prompt = self._prompt(model.config)
        width, hidden = self.options.identity_width, model.config.hidden_size
        if width > hidden:
            raise ExportError(f"an identity of {width} values does not fit into {hidden}")
        self.conditioning = (len(prompt.ids), hidden)
        empty = traced.empty_conditioning(model, prompt).numpy()
        numpy.save(self.folder / "uncond.npy", empty.astype("<f4"))
        self._make(
            traced.Graph(
                file="text_encoder.onnx",
                module=traced.IdentityEncoder(model, prompt, width).eval(),
                reference=traced.Published(model, prompt),
                inputs={"id_embedding": (width,)},
                output="conditioning",
                shape=self.conditioning,
            ),
            quantise=self.options.int8,
        )
        return description.prompt_facts(prompt) | {
            "identity_width": width,
            "hidden_width": hidden,
            "files": {"uncond.npy": list(empty.shape)},
        }

    def _prompt(self, config):
        tokenizer = self.source.tokenizer
        prompt = prompts.read(tokenizer) if tokenizer else prompts.known()
        prompts.check(prompt, config.vocab_size)
        if len(prompt.ids) > config.max_position_embeddings:
            raise ExportError(f"the encoder takes {config.max_position_embeddings} tokens, not 77")
        return prompt

    def _unet(self, number):
        say(number, "UNet")
        model = networks.unet(self.source.unet)
        config = model.config
        if config.cross_attention_dim != self.conditioning[1]:
            raise ExportError(
                f"the UNet takes conditioning of width {config.cross_attention_dim}, the encoder"
                f" gives {self.conditioning[1]}; they do not belong together"
            )
        self.latent = (config.in_channels, *self._latent_side(config.sample_size))
        self._make(
            traced.Graph(
                file="unet.onnx",
                module=traced.NoiseEstimate(model).eval(),
                inputs={"latent": self.latent, "timestep": (), "conditioning": self.conditioning},
                output="noise",
                shape=self.latent,
                timestep=(self.options.timestep, self.options.timestep_shape),
            ),
            quantise=self.options.int8,
        )
        return {}

    def _latent_side(self, trained):
        """Rows and columns of a latent; one of its values stands for 8 × 8 pixels."""
        if self.options.size:
            width, height = self.options.size
            return height // 8, width // 8
        return (trained, trained) if isinstance(trained, int) else tuple(trained)

    def _decoder(self, number):
        say(number, "decoder")
        model = networks.decoder(self.source.vae)
        if model.config.latent_channels != self.latent[0]:
            raise ExportError("BASE/vae has other latents than the UNet; they do not go together")
        growth = 2 ** (len(model.config.block_out_channels) - 1)
        self._make(
            traced.Graph(
                file="vae_decoder.onnx",
                module=traced.Decoder(model).eval(),
                inputs={"latent": self.latent},
                output="image",
                shape=(model.config.out_channels, *(growth * side for side in self.latent[1:])),
            ),
            quantise=False,
        )
        return description.rules(model.config.scaling_factor)

    def _make(self, graph, quantise):
        """Writes one graph, its weights beside it where they are large, and checks it."""
        options = self.options
        halved = options.precision == "float16"
        trials = []
        if options.check:
            trials = comparison.trials(graph, torch.float16 if halved else torch.float32)
        if halved:
            graph.halve()
        path = self.folder / graph.file
        self._write(graph, path, quantise)
        if options.check:
            kind = "int8" if quantise else options.precision
            worst = comparison.compare(graph, path, trials, kind, options.threads)
            self.differences[path.stem] = worst
        self.graphs[graph.file] = description.graph_facts(path)
        gc.collect()

    def _write(self, graph, path, quantise):
        self.scratch.mkdir()
        model = traced.write(graph, self.scratch)
        shutil.rmtree(self.scratch)
        if not quantise:
            traced.save(model, path, self.options.external_above)
            return
        import shrink

        self.scratch.mkdir()
        whole = self.scratch / graph.file
        large = traced.save(model, whole, self.options.external_above)
        del model
        small = self.scratch / "small.onnx"
        shrink.to_int8(whole, small, large)
        traced.save(onnx.load(small), path, self.options.external_above)
        shutil.rmtree(self.scratch)


if __name__ == "__main__":
    sys.exit(main())
