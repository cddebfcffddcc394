"""The three networks, built by their configs and filled from local files of tensors.

No file is unpickled beyond tensors, and nothing is asked of a model hub.
"""

import pickle

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from safetensors.torch import load_file
from transformers import CLIPTextConfig, CLIPTextModel

from published import ExportError

# Names of the attention layers in autoencoders saved by early versions of diffusers.
EARLY_NAMES = {
    "query": "to_q",
    "key": "to_k",
    "value": "to_v",
    "proj_attn": "to_out.0",
}


def text_encoder(network):
    config = CLIPTextConfig.from_dict(network.config(), attn_implementation="eager")
    return _filled(CLIPTextModel(config), network)


def unet(network):
    model = _filled(_built(UNet2DConditionModel, network), network)
    model.set_attn_processor(AttnProcessor())
    return model


def decoder(network):
    """The decoding half of the autoencoder."""
    model = _filled(_built(AutoencoderKL, network), network, only=("decoder.", "post_quant_conv."))
    model.set_attn_processor(AttnProcessor())
    return model


def _built(kind, network):
    try:
        return kind.from_config(network.config())
    except (TypeError, ValueError, KeyError) as error:
        raise ExportError(f"{network.config_path} describes no {kind.__name__}: {error}") from None


def _filled(model, network, only=("",)):
    """Fills in all weights whose names begin with one of `only`; each must be there and fit."""
    state = {_modern(name): tensor for name, tensor in _tensors(network.weights_path).items()}
    wanted = {
        name: tensor for name, tensor in model.state_dict().items() if name.startswith(tuple(only))
    }
    missing = sorted(name for name in wanted if name not in state)
    unfit = sorted(
        name for name in wanted if name in state and state[name].shape != wanted[name].shape
    )
    if missing or unfit:
        wrong = [f"{name} is missing" for name in missing]
        wrong += [
            f"{name} has shape {list(state[name].shape)}, not {list(wanted[name].shape)}"
            for name in unfit
        ]
        raise ExportError(
            f"{network.weights_path} does not belong to {network.config_path}: {wrong[0]}"
            + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else "")
        )
    # Weights published as float16 become float32 here.
    model.load_state_dict({name: state[name] for name in wanted}, strict=False)
    return model.float().eval().requires_grad_(False)


def _tensors(path):
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        # PyTorch's own words advise to run it.
        raise ExportError(
            f"{path} holds more than tensors, and reading it could run code of its author; use a"
            " safetensors file instead, or download it again"
        ) from None
    except Exception as error:  # each reader has errors of its own
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(f"{path} cannot be read: {reason}") from None


def _modern(name):
    parts = name.split(".")
    if len(parts) > 2 and "attentions" in parts and parts[-2] in EARLY_NAMES:
        parts[-2] = EARLY_NAMES[parts[-2]]
    return ".".join(parts)
