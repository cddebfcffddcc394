"""Random networks in the layout of the published weights, for tests and benchmarks.

    tiny_networks.py WEIGHTS BASE [--large] [--seed N]

What they make is noise; only the numbers count. The vocabulary is CLIP's, so that the prompt's ids
are the real ones.
"""

import argparse
import json
import pathlib
from dataclasses import dataclass

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

import description
import prompt as prompts

VOCABULARY = 49408


@dataclass(frozen=True)
class Sizes:
    identity: int = 16
    hidden: int = 32
    heads: int = 4
    layers: int = 2
    side: int = 8  # of a latent
    unet: tuple = (16, 32)
    decoder: tuple = (8, 8, 16, 16)
    groups: int = 8


TINY = Sizes()
# About 9 million parameters in the UNet.
LARGE = Sizes(hidden=64, side=32, unet=(64, 128, 192), decoder=(16, 32, 32, 32), groups=16)


def make(sizes, seed=0):
    """(text encoder, UNet, autoencoder)."""
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=VOCABULARY,
            hidden_size=sizes.hidden,
            intermediate_size=2 * sizes.hidden,
            projection_dim=sizes.hidden,
            num_hidden_layers=sizes.layers,
            num_attention_heads=sizes.heads,
            max_position_embeddings=prompts.LENGTH,
            hidden_act="quick_gelu",
            bos_token_id=prompts.BEGIN,
            eos_token_id=prompts.END,
            pad_token_id=prompts.END,
            attn_implementation="eager",
        )
    )
    levels = len(sizes.unet)
    unet = UNet2DConditionModel(
        sample_size=sizes.side,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=sizes.unet,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        cross_attention_dim=sizes.hidden,
        norm_num_groups=sizes.groups,
        attention_head_dim=sizes.heads,
    )
    vae = AutoencoderKL(
        latent_channels=4,
        sample_size=8 * sizes.side,
        layers_per_block=1,
        block_out_channels=sizes.decoder,
        norm_num_groups=sizes.groups // 2,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        scaling_factor=0.18215,
    )
    for number, model in enumerate((text, unet, vae)):
        _shake(model, 100 * seed + number)
    return text, unet, vae


def _shake(model, seed):
    """Weights that neither vanish nor grow from layer to layer; every bias and norm takes part."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            draw = torch.randn(weight.shape, generator=random)
            if weight.dim() == 1:
                weight.copy_(draw / 8 + (1 if name.endswith("weight") else 0))
            elif "embedding" in name and "time" not in name:
                weight.copy_(draw / 4)
            else:
                weight.copy_(0.75 * draw / weight[0].numel() ** 0.5)
    model.eval()


def write(models, weights, base):
    """Saves them as the published files are: safetensors, and the encoder as a `.bin`."""
    text, unet, vae = models
    unet.save_pretrained(weights / "arc2face")
    text.save_pretrained(weights / "encoder", safe_serialization=False)
    vae.save_pretrained(base / "vae")
    # As published: what it leaves out is each scheduler's own default.
    scheduler = base / "scheduler/scheduler_config.json"
    scheduler.parent.mkdir()
    scheduler.write_text(json.dumps({"_class_name": "PNDMScheduler"} | description.SCHEDULER))


def write_tokenizer(folder):
    """A vocabulary of the prompt's words alone, with the ids of CLIP's."""
    words = dict(zip(prompts.TEXT.split(), prompts.WORDS))
    ids = {f"{word}</w>": number for word, number in words.items()}
    ids |= {"<|startoftext|>": prompts.BEGIN, "<|endoftext|>": prompts.END}
    merges = []
    for word in words:
        made, rest = word[0], list(word[1:-1]) + [f"{word[-1]}</w>"] if len(word) > 1 else []
        for letter in rest:
            merges.append(f"{made} {letter}")
            made += letter
    # Pieces that are no word have ids of no use; they begin beyond the prompt's.
    pieces = sorted({piece for line in merges for piece in line.split()} - set(ids))
    ids |= {piece: 30_000 + number for number, piece in enumerate(pieces)}
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps(ids))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("base", type=pathlib.Path)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    write(make(LARGE if given.large else TINY, given.seed), given.weights, given.base)
