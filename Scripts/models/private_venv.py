"""A private Python environment with pinned packages, and pip's downloads through it."""

import hashlib
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
# The pinned wheels are built for this interpreter, Debian 12's.
PYTHON_VERSION = (3, 11)
# pip's own words when a file is not the pinned one.
HASH_MISMATCH = "DO NOT MATCH THE HASHES"


class PrivateVenvError(Exception):
    """The environment could not be made; the message says what to do."""


def check_interpreter():
    """Fails with advice where the environment cannot be made."""
    if sys.version_info[:2] != PYTHON_VERSION:
        found = ".".join(map(str, sys.version_info[:2]))
        raise PrivateVenvError(
            f"this is Python {found}, but the pinned wheels are for Python 3.11."
            " Run the script with Debian 12's own interpreter: /usr/bin/python3"
        )
    try:
        import ensurepip  # noqa: F401  (Debian splits it off into python3-venv)
    except ImportError:
        raise PrivateVenvError(
            "Python cannot make private environments here. Run: apt-get install python3-venv"
        ) from None


class PrivateVenv:
    """An environment in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.python = self.folder / "bin" / "python"

    def create(self):
        check_interpreter()
        venv.create(self.folder, with_pip=True, symlinks=True)

    def install(self, requirements):
        """Installs a requirements file of hashed wheels."""
        self._pip("install", "--require-hashes", "--only-binary=:all:", "-r", str(requirements))

    def holds(self, requirements, *included):
        """Whether the environment was made by `provide` with the same pins."""
        stamp = self.folder / "pins"
        return stamp.is_file() and stamp.read_text() == _digests(requirements, *included)

    def provide(self, requirements, *included):
        """Makes the environment with a file of hashed wheels, unless it is there already.

        `included` are the files that this one includes.
        """
        if not self.holds(requirements, *included):
            self.create()
            self.install(requirements)
            (self.folder / "pins").write_text(_digests(requirements, *included))

    def download(self, requirements, folder, source_packages):
        """Downloads the hashed files of a requirements file; runs no code of theirs."""
        self._pip(
            "download",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            f"--no-binary={','.join(source_packages)}",
            "--use-pep517",
            "--no-build-isolation",
            f"--dest={folder}",
            "-r",
            str(requirements),
            python_path=HERE / "inert_backend",
        )

    def run(self, *arguments):
        """Runs a script of ours in the environment; its output is shown."""
        subprocess.run([self.python, "-B", *map(str, arguments)], check=True)

    def _pip(self, *arguments, python_path=None):
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        if python_path:
            environment["PYTHONPATH"] = str(python_path)
        options = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet"]
        command = [self.python, "-B", "-m", "pip", arguments[0], *options, *arguments[1:]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise PrivateVenvError(_advice(done.stderr or done.stdout))


def _digests(*paths):
    return " ".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)


def _advice(output):
    tail = "\n".join("  " + line for line in output.strip().splitlines()[-12:])
    if HASH_MISMATCH in output:
        return (
            "a downloaded file is not the pinned one, so it was not used. If a mirror or proxy"
            f" changes files, fix or avoid it; then run again. pip said:\n{tail}"
        )
    return (
        "pip could not get the pinned packages. Check the network, the proxy and `pip config list`,"
        f" then run again; nothing half-done was left. pip said:\n{tail}"
    )
