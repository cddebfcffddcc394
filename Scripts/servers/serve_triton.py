"""Serves the networks with Triton on loopback, until it is told to stop.

    python serve_triton.py --port 8000
"""

import argparse
import signal

import numpy
from networks import LARGEST_BATCH, SERVED
from pytriton.decorators import batch
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig


def main():
    # Whoever starts this may have left it with signals blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    config = TritonConfig(
        http_address="127.0.0.1", http_port=port, allow_grpc=False, allow_metrics=False,
        allow_gpu_metrics=False,
    )
    with Triton(config=config) as triton:
        for served in SERVED:
            bind(triton, served)
        triton.serve()


def bind(triton, served):
    network = served()

    @batch
    def infer(**inputs):
        return {served.output: network(inputs[served.input])}

    triton.bind(
        model_name=served.name,
        infer_func=infer,
        inputs=[Tensor(name=served.input, dtype=numpy.float32, shape=served.takes)],
        outputs=[Tensor(name=served.output, dtype=numpy.float32, shape=served.gives)],
        # Requests are run as they come, one by one: what shares a batch can change the last bit.
        config=ModelConfig(max_batch_size=LARGEST_BATCH, batching=True, batcher=None),
    )


if __name__ == "__main__":
    main()
