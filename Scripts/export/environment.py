"""The private Python environment with PyTorch. Standard library only."""

import pathlib

import published
from private_venv import PrivateVenv, PrivateVenvError

REQUIREMENTS = pathlib.Path(__file__).resolve().parent / "requirements.txt"


def ready(folder):
    """Makes the environment, unless one with the same pins is there; returns its interpreter."""
    venv = PrivateVenv(folder)
    if not venv.holds(REQUIREMENTS):
        published.check_room(folder.absolute(), published.ENVIRONMENT_BYTES, "PyTorch's packages")
        print(f"export-arc2face: installing PyTorch and the rest into {folder}", flush=True)
        try:
            venv.provide(REQUIREMENTS)
        except PrivateVenvError as error:
            if "torch==" not in str(error):
                raise
            raise PrivateVenvError(
                f"{error}\nPyTorch's build for processors lies in an index of its own: name it to"
                " pip (pip config set global.extra-index-url …, docs/export.md), or use --python"
                " with an interpreter that has the packages"
            ) from None
    return venv.python
