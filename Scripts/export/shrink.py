"""Matrix products with 8-bit weights, by ONNX Runtime's dynamic quantisation.

Activations are quantised as they come, so no pictures are needed to prepare it. Convolutions stay
in float32: ONNX Runtime's integer convolution is slower on a processor than the float one.
"""

import logging

from onnxruntime.quantization import QuantType, quantize_dynamic


def to_int8(source, target, large):
    # The tool advises a preparation that cannot be had for graphs beyond 2 GB.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QUInt8,
        use_external_data_format=large,
    )
