"""The install folder: what is in it, whether it is right, and how new files get there."""

import ctypes
import hashlib
import os
import pathlib
import shutil

from catalogue import NETWORKS, RUNTIME_PATH


class InstallFolder:
    """`$D2R_HOME`, by default `~/.local/share/d2r-curate`."""

    def __init__(self, root, digests):
        self.root = pathlib.Path(root)
        self.digests = digests  # path relative to the root → SHA-256

    @staticmethod
    def default_root():
        home = os.environ.get("D2R_HOME")
        return pathlib.Path(home) if home else pathlib.Path.home() / ".local/share/d2r-curate"

    def runtime_is_right(self):
        return self._is_right(RUNTIME_PATH)

    def network_is_right(self, network):
        """The manifest is what this version writes, and every file has its pinned digest."""
        try:
            manifest = (self.root / network.manifest_path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        paths = [network.path(part) for part in network.parts]
        return manifest == network.manifest(self.digests) and all(map(self._is_right, paths))

    def missing(self):
        """The networks that are absent or not as pinned."""
        return [network for network in NETWORKS if not self.network_is_right(network)]

    def place(self, staged):
        """Moves a finished file or folder to its place; what was there before gives way.

        The staged path lies in the same file system, so each move is one rename and a reader never
        sees half a file. Between the two renames of a folder it is absent for a moment.
        """
        staged_root, relative = staged
        new, target = staged_root / relative, self.root / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() and not target.is_symlink():
            target.rename(staged_root / f"replaced-{target.name}")
        os.replace(new, target)

    def _is_right(self, path):
        try:
            return sha256(self.root / path) == self.digests[path]
        except OSError:
            return False


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def runtime_version(library):
    """Loads ONNX Runtime and asks its version; an OSError says why it cannot be loaded here."""

    class ApiBase(ctypes.Structure):
        _fields_ = [
            ("get_api", ctypes.c_void_p),
            ("get_version", ctypes.CFUNCTYPE(ctypes.c_char_p)),
        ]

    entry = ctypes.CDLL(str(library)).OrtGetApiBase
    entry.restype = ctypes.POINTER(ApiBase)
    return entry().contents.get_version().decode()


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
