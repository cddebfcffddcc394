"""A build backend that builds nothing.

pip asks a source archive for its metadata even when it is told only to download, and setuptools
would answer by running the archive's own setup.py. With this module in setuptools' place pip gets
the name and version that the archive states, and no code of the package ever runs.
"""

import pathlib


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    """Writes the least that pip accepts. It runs in the unpacked archive."""
    lines = pathlib.Path("PKG-INFO").read_text(encoding="utf-8").splitlines()
    name, version = (_field(lines, field) for field in ("Name", "Version"))
    folder = pathlib.Path(metadata_directory) / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / "METADATA").write_text(text, encoding="utf-8")
    return folder.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    raise RuntimeError("packages are only downloaded here, never built")


def _field(lines, name):
    return next(line for line in lines if line.startswith(f"{name}: ")).partition(": ")[2]


class _Legacy:
    """pip looks for this name when an archive has no pyproject.toml."""

    get_requires_for_build_wheel = staticmethod(get_requires_for_build_wheel)
    prepare_metadata_for_build_wheel = staticmethod(prepare_metadata_for_build_wheel)
    build_wheel = staticmethod(build_wheel)


__legacy__ = _Legacy()
