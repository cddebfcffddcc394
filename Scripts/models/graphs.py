"""Builds ONNX graphs node by node.

Only what the four networks need: constants, nodes, typed inputs and outputs. Names are counted, not
random, and nothing depends on the clock or the machine, so the same weights give the same bytes.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Opset 13 and IR 8 are read by every ONNX Runtime since 1.12; the networks need nothing newer.
OPSET = 13
IR_VERSION = 8


class GraphBuilder:
    """A graph under construction; every method returns the name of the value it adds."""

    def __init__(self, name):
        self.name = name
        self.nodes = []
        self.constants = []
        self.inputs = []
        self.outputs = []

    def input(self, name, shape):
        """Declares a float32 input; a string in `shape` is a free dimension."""
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def output(self, name, value, shape):
        """Declares `value` as the float32 output `name`."""
        self.nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def constant(self, array):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def floats(self, values):
        return self.constant(np.asarray(values, dtype=np.float32))

    def integers(self, values):
        return self.constant(np.asarray(values, dtype=np.int64))

    def add(self, operator, *inputs, **attributes):
        value = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [value], name=value, **attributes))
        return value

    def convolution(self, value, weight, bias, stride=1, pads=(0, 0, 0, 0), group=1):
        """A two-dimensional convolution; `pads` is top, left, bottom, right."""
        return self.add(
            "Conv",
            value,
            self.floats(weight),
            self.floats(bias),
            kernel_shape=list(weight.shape[2:]),
            strides=[stride, stride],
            pads=list(pads),
            group=group,
        )

    def serialised(self):
        """The finished model as bytes, checked by ONNX's own checker."""
        graph = helper.make_graph(
            self.nodes, self.name, self.inputs, self.outputs, self.constants
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="d2r-curate")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)
