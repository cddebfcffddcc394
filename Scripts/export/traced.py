"""The networks as they stand in the graphs, and how PyTorch writes them to ONNX."""

import contextlib
import stat
import warnings
from dataclasses import dataclass

import onnx
import torch

OPSET = 17
# PyTorch's older exporter needs no packages beyond onnx and keeps the batch free.
EXAMPLES = 2


class IdentityEncoder(torch.nn.Module):
    """[B, identity width] of unit length → last hidden state [B, 77, hidden width].

    The vector, filled up with zeros, takes the place of the placeholder's token embedding; of the
    vocabulary only the prompt's rows are kept.
    """

    def __init__(self, model, prompt, width):
        super().__init__()
        text = model.text_model
        rows = text.embeddings.token_embedding(torch.tensor([prompt.ids]))
        self.embeddings, self.layers = text.embeddings, text.encoder
        self.norm = text.final_layer_norm
        self.fill = rows.shape[-1] - width
        self.register_buffer("before", rows[:, : prompt.placeholder])
        self.register_buffer("after", rows[:, prompt.placeholder + 1 :])
        length = rows.shape[1]
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        self.register_buffer("future", future[None, None])

    def forward(self, id_embedding):
        identity = id_embedding.to(self.before.dtype)
        identity = torch.nn.functional.pad(identity, (0, self.fill)).unsqueeze(1)
        count = id_embedding.shape[0]
        rows = [self.before.expand(count, -1, -1), identity, self.after.expand(count, -1, -1)]
        hidden = self.embeddings(inputs_embeds=torch.cat(rows, dim=1))
        lowest = torch.finfo(hidden.dtype).min
        mask = torch.zeros_like(self.future, dtype=hidden.dtype).masked_fill(self.future, lowest)
        hidden = self.layers(
            inputs_embeds=hidden, attention_mask=None, causal_attention_mask=mask
        ).last_hidden_state
        return self.norm(hidden)


class Published(torch.nn.Module):
    """The same as the weights' authors compute it: the whole encoder runs on the prompt's tokens,
    and what the embedding layer gives for the placeholder is overwritten. A reference to check by.
    """

    def __init__(self, model, prompt):
        super().__init__()
        self.model, self.prompt = model, prompt

    def forward(self, id_embedding):
        def overwrite(_layer, _tokens, rows):
            rows = rows.clone()
            rows[:, self.prompt.placeholder] = 0
            rows[:, self.prompt.placeholder, : id_embedding.shape[1]] = id_embedding
            return rows

        layer = self.model.text_model.embeddings.token_embedding
        hook = layer.register_forward_hook(overwrite)
        try:
            tokens = torch.tensor([self.prompt.ids]).expand(len(id_embedding), -1)
            return self.model(input_ids=tokens).last_hidden_state
        finally:
            hook.remove()


class NoiseEstimate(torch.nn.Module):
    """Latent, timestep and conditioning → the noise in the latent."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, latent, timestep, conditioning):
        answer = self.unet(latent, timestep, encoder_hidden_states=conditioning, return_dict=False)
        return answer[0]


class Decoder(torch.nn.Module):
    """Latent, divided by the scaling factor already → picture, −1 black and 1 white."""

    def __init__(self, autoencoder):
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latent):
        return self.autoencoder.decode(latent, return_dict=False)[0]


def empty_conditioning(model, prompt):
    """The unconditional branch: the empty prompt through the same encoder, [1, 77, hidden]."""
    return model(input_ids=torch.tensor([prompt.empty])).last_hidden_state


@dataclass
class Graph:
    """A network on its way into a file."""

    file: str
    module: torch.nn.Module
    inputs: dict  # name → shape after the batch
    output: str
    shape: tuple  # of the output after the batch
    timestep: object = None  # (type, shape: batch, one or scalar), where there is such an input
    dtype: torch.dtype = torch.float32
    reference: object = None  # the library's own way to the same answer, where it is another

    def examples(self, count, seed):
        """Random inputs by name, in the order the module takes them; float32 but for timesteps."""
        random = torch.Generator().manual_seed(seed)
        made = {}
        for name, shape in self.inputs.items():
            if name == "timestep":
                made[name] = self._timesteps(count, random)
            else:
                made[name] = torch.randn(count, *shape, generator=random)
        if "id_embedding" in made:
            made["id_embedding"] = torch.nn.functional.normalize(made["id_embedding"], dim=1)
        return made

    def _timesteps(self, count, random):
        kind, shape = self.timestep
        numbers = torch.randint(1, 1000, (count if shape == "batch" else 1,), generator=random)
        numbers = numbers.to(getattr(torch, kind))
        return numbers[0] if shape == "scalar" else numbers

    def typed(self, examples):
        """The inputs in the types the graph takes: identities stay float32."""
        whole = ("id_embedding", "timestep")
        return {k: v if k in whole else v.to(self.dtype) for k, v in examples.items()}

    def expected(self, examples):
        """What the graph should answer."""
        with torch.no_grad():
            return (self.reference or self.module)(*examples.values())

    def halve(self):
        self.dtype = torch.float16
        self.module.half()

    @property
    def free(self):
        """The axes whose length is left open."""
        names = list(self.inputs) + [self.output]
        if self.timestep and self.timestep[1] != "batch":
            names.remove("timestep")
        return {name: {0: "batch"} for name in names}


def write(graph, scratch):
    """Exports into the folder `scratch`; the model, weights and all, in memory."""
    path = scratch / graph.file
    examples = graph.typed(graph.examples(EXAMPLES, seed=1))
    with quiet():
        torch.onnx.export(
            graph.module,
            tuple(examples.values()),
            str(path),
            input_names=list(examples),
            output_names=[graph.output],
            opset_version=OPSET,
            dynamic_axes=graph.free,
            do_constant_folding=True,
            dynamo=False,
        )
    model = onnx.load(path)
    for dimension, length in zip(model.graph.output[0].type.tensor_type.shape.dim[1:], graph.shape):
        dimension.Clear()
        dimension.dim_value = length
    _forget_origin(model)
    return model


def _forget_origin(model):
    """Nothing of the exporter's own notes stays: they name files of this machine."""
    model.doc_string = model.graph.doc_string = ""
    model.producer_name, model.producer_version = "export-arc2face", ""
    del model.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def save(model, path, external_above):
    """Writes the file, and beside it FILE_data where the weights are large; whether they are."""
    weights = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
    outside = weights > external_above
    if outside:
        onnx.save_model(
            model,
            path,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=f"{path.name}_data",
            size_threshold=1024,
        )
        # It is made readable for its owner alone.
        path.with_name(f"{path.name}_data").chmod(stat.S_IMODE(path.stat().st_mode))
    else:
        onnx.save_model(model, path)
    onnx.checker.check_model(str(path))
    return outside


@contextlib.contextmanager
def quiet():
    """The exporter warns of every shape it takes for a constant; they are constants here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
