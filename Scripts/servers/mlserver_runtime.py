"""The networks as runtimes of MLServer."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse
from networks import Identities, Pictures


class _Runtime(MLModel):
    served = None

    async def load(self):
        self.network = self.served()
        return True

    async def predict(self, payload):
        values = NumpyCodec.decode_input(payload.inputs[0])
        answer = NumpyCodec.encode_output(self.served.output, self.network(values))
        return InferenceResponse(model_name=self.name, outputs=[answer])


class PicturesRuntime(_Runtime):
    served = Pictures


class IdentitiesRuntime(_Runtime):
    served = Identities
