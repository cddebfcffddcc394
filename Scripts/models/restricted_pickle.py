"""Reads tensors from a PyTorch weights file without PyTorch and without running what it says.

A weights file is a pickle beside raw numbers, and a pickle may name any function to be called. Here
only four harmless names are known (a dictionary, "rebuild a tensor", two storage types); anything
else stops the reading with an error. Both containers are read: the zip of PyTorch 1.6 and later,
and the older stream of several pickles.
"""

import collections
import io
import pickle
import zipfile
from dataclasses import dataclass

import numpy as np

# First object of the older container; fixed by PyTorch.
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001


class ForbiddenPickleError(ValueError):
    """The file asks for something that plain weights never need."""


@dataclass(frozen=True)
class StorageType:
    dtype: str


@dataclass(frozen=True)
class Storage:
    """A flat run of numbers, by key; its bytes are looked up after the pickle is read."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True)
class TensorView:
    """A tensor as PyTorch stores it: a window on a storage."""

    storage: Storage
    offset: int
    shape: tuple
    strides: tuple

    def array(self, payloads):
        """The tensor as a contiguous array."""
        flat = np.frombuffer(payloads[self.storage.key], dtype=self.storage.dtype)
        if flat.size != self.storage.count:
            raise ForbiddenPickleError(f"storage {self.storage.key} has a wrong length")
        if not self.shape:
            return flat[self.offset].copy()
        reach = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides))
        sound = min(self.strides) >= 0 and min(self.shape) >= 1
        if not sound or not 0 <= self.offset <= reach < flat.size:
            raise ForbiddenPickleError("a tensor reaches outside its storage")
        steps = tuple(s * flat.itemsize for s in self.strides)
        window = np.lib.stride_tricks.as_strided(flat[self.offset :], self.shape, steps)
        return np.ascontiguousarray(window)


def _rebuild_tensor(storage, offset, shape, strides, *_ignored):
    """Stands in for `torch._utils._rebuild_tensor_v2`; gradients and hooks are not wanted."""
    return TensorView(storage, offset, tuple(shape), tuple(strides))


KNOWN_NAMES = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch", "FloatStorage"): StorageType("<f4"),
    ("torch", "LongStorage"): StorageType("<i8"),
}


class TensorUnpickler(pickle.Unpickler):
    """An unpickler that can build dictionaries and tensor views, and nothing else."""

    def find_class(self, module, name):
        try:
            return KNOWN_NAMES[module, name]
        except KeyError:
            message = f"the weights file names {module}.{name}; refusing to read it"
            raise ForbiddenPickleError(message) from None

    def persistent_load(self, reference):
        tag, kind, key, _device, count = reference[:5]
        if tag != "storage" or not isinstance(kind, StorageType):
            raise ForbiddenPickleError("the weights file refers to something that is no storage")
        return Storage(str(key), kind.dtype, int(count))


def read_state(data):
    """Name → array for a weights file given as bytes; nested dictionaries join names with a dot."""
    if data[:4] == b"PK\x03\x04":
        tree, payloads = _read_zip(data)
    else:
        tree, payloads = _read_legacy(data)
    return {name: view.array(payloads) for name, view in _flatten(tree, "")}


def _flatten(tree, prefix):
    for name, value in tree.items():
        if isinstance(value, TensorView):
            yield prefix + name, value
        elif isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")


def _read_zip(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    root = next(n for n in archive.namelist() if n.endswith("/data.pkl"))[: -len("data.pkl")]
    if f"{root}byteorder" in archive.namelist() and archive.read(f"{root}byteorder") != b"little":
        raise ForbiddenPickleError("big-endian weights are not supported")
    tree = TensorUnpickler(io.BytesIO(archive.read(f"{root}data.pkl"))).load()
    folder = f"{root}data/"
    keys = [n[len(folder) :] for n in archive.namelist() if n.startswith(folder)]
    return tree, {key: archive.read(folder + key) for key in keys}


def _read_legacy(data):
    stream = io.BytesIO(data)
    magic, protocol, system = (TensorUnpickler(stream).load() for _ in range(3))
    if magic != LEGACY_MAGIC or protocol != LEGACY_PROTOCOL or not system["little_endian"]:
        raise ForbiddenPickleError("not a little-endian PyTorch weights file")
    tree = TensorUnpickler(stream).load()
    sizes = {v.storage.key: v.storage for _, v in _flatten(tree, "")}
    payloads = {}
    for key in TensorUnpickler(stream).load():
        count = int.from_bytes(stream.read(8), "little")
        payloads[key] = stream.read(count * np.dtype(sizes[key].dtype).itemsize)
    return tree, payloads
