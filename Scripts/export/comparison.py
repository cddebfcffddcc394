"""The graphs against the networks they were made of, on random input."""

from dataclasses import dataclass

import numpy
import onnxruntime
import torch

from published import ExportError

BATCHES = (1, 2)
SEED = 20240607
# Largest difference allowed, as a share of the largest value of the answer. A wrong graph is off by
# the answer itself; 8-bit weights are the user's own choice of loss.
ALLOWED = {"float32": 1e-3, "float16": 5e-2, "int8": 0.5}


@dataclass
class Trial:
    """Random inputs of one batch size with the float32 network's answer to them."""

    inputs: dict
    expected: numpy.ndarray


def trials(graph, dtype):
    """Made before the network is halved, on numbers that float16 can hold where it will be."""
    made = []
    for number, count in enumerate(BATCHES):
        examples = graph.examples(count, SEED + number)
        rounded = {
            name: value.to(dtype).float() if name in ("latent", "conditioning") else value
            for name, value in examples.items()
        }
        made.append(Trial(rounded, graph.expected(rounded).float().numpy()))
    return made


def compare(graph, path, trials, kind, threads):
    """The largest absolute difference; fails where it is beyond what the precision explains."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    declared = session.get_outputs()[0].shape[1:]
    worst = largest = 0.0
    for trial in trials:
        feed = {name: value.numpy() for name, value in graph.typed(trial.inputs).items()}
        answer = session.run([graph.output], feed)[0].astype(numpy.float32)
        if answer.shape != trial.expected.shape or list(answer.shape[1:]) != declared:
            raise ExportError(f"{path.name} gives {answer.shape}, not {trial.expected.shape}")
        if not numpy.isfinite(answer).all():
            raise ExportError(f"{path.name} gives numbers that are not finite")
        worst = max(worst, float(numpy.abs(answer - trial.expected).max()))
        largest = max(largest, float(numpy.abs(trial.expected).max()))
    print(
        f"  {path.name}: differs by at most {worst:.2e} from PyTorch in float32,"
        f" of values up to {largest:.3g}",
        flush=True,
    )
    if worst > ALLOWED[kind] * largest:
        raise ExportError(
            f"{path.name} does not compute what the network does; nothing was kept. Please report"
            f" this with the versions: torch {torch.__version__}, onnxruntime"
            f" {onnxruntime.__version__}"
        )
    return worst
