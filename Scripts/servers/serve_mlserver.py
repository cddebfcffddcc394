"""Serves the networks with MLServer on loopback, until it is killed.

    python serve_mlserver.py --port 8080
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import tempfile

from networks import LARGEST_BATCH, SERVED

HERE = pathlib.Path(__file__).resolve().parent


def main():
    # Whoever starts this may have left it with signals blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8080)
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory(prefix="mlserver-") as folder:
        write_settings(pathlib.Path(folder), port)
        os.environ["PYTHONPATH"] = str(HERE)
        from mlserver.cli.main import main as mlserver

        sys.argv = ["mlserver", "start", folder]
        mlserver()


def write_settings(folder, port):
    settings = {
        "host": "127.0.0.1", "http_port": port, "debug": False, "parallel_workers": 0,
        # gRPC cannot be switched off; port 0 lets the system choose one.
        "grpc_port": 0, "metrics_endpoint": None, "gzip_enabled": False,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    for served in SERVED:
        place = folder / served.name
        place.mkdir()
        (place / "model-settings.json").write_text(json.dumps(model_settings(served)))


def model_settings(served):
    def tensor(name, shape):
        return {"name": name, "datatype": "FP32", "shape": [-1, *shape]}

    return {
        "name": served.name,
        "implementation": f"mlserver_runtime.{served.__name__}Runtime",
        "inputs": [tensor(served.input, served.takes)],
        "outputs": [tensor(served.output, served.gives)],
        # Of MLServer's own batching, which would mix requests; ours come ready in batches.
        "max_batch_size": 0,
        "parameters": {"version": "1", "extra": {"largest_batch": LARGEST_BATCH}},
    }


if __name__ == "__main__":
    main()
