"""A trained network as one ONNX file, from samples to logits, and the same file in 8 bits.

The tracing exporter is used although PyTorch calls it the old one: it takes half a second where
the new one takes twenty, and whether it traced right is measured on the run's own clips
(`trainer/prediction/parity.py`) before anything relies on it.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from trainer.contract.labels import CLASSES
from trainer.network.model import Hubert

OPSET = 18
SHORTEST, CLASS_NAMES = "shortest", "classes"
"""Facts that stand in the file: samples a clip must be padded to, and what the logits are of."""


class WholeNetwork(torch.nn.Module):
    """Normalisation, convolutions, encoder and head, for clips of any number and length.

    Convolutions are spelled as matrix products over frames: these are what 8 bits speed up, and
    frames stay in the order in which the layer norms want them.
    """

    def __init__(self, hubert: Hubert) -> None:
        super().__init__()
        self.network = hubert.network
        self._hubert = hubert

    def forward(self, samples: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Logits (clips, 3) of `samples` in -1..1, (clips, samples), padded to the longest and to
        `shortest`; `lengths`, int64 (clips,), are those without padding."""
        features = self._convolved(self._normalised(samples, lengths))
        long_enough = torch.clamp(lengths, min=self._hubert.shortest)
        frames = self.network._get_feat_extract_output_lengths(long_enough)
        real = torch.arange(features.shape[1])[None] < frames[:, None]
        return self._hubert.logits(features, real)

    def _normalised(self, samples: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        real = torch.arange(samples.shape[1])[None] < lengths[:, None]
        heard = torch.where(real, samples, 0)
        if not self._hubert.normalize:
            return heard
        mean = heard.sum(dim=1, keepdim=True) / lengths[:, None]
        centred = torch.where(real, heard - mean, 0)
        variance = centred.square().sum(dim=1, keepdim=True) / lengths[:, None]
        return centred / (variance + 1e-7).sqrt()

    def _convolved(self, samples: torch.Tensor) -> torch.Tensor:
        """As `HubertFeatureEncoder` of transformers 5.23, shape (clips, frames, channels)."""
        hidden = samples[..., None]
        for layer in self.network.hubert.feature_extractor.conv_layers:
            norm = getattr(layer, "layer_norm", None)
            if isinstance(norm, torch.nn.GroupNorm):  # over time, which it wants to be last
                hidden = layer(hidden.transpose(1, 2)).transpose(1, 2)
                continue
            hidden = _as_product(layer.conv, hidden)
            hidden = layer.activation(hidden if norm is None else norm(hidden))
        return hidden


def export_network(hubert: Hubert, path: Path) -> None:
    """Write `path`, float32, for a network on the CPU. Raises what the exporter raises."""
    samples, lengths = torch.zeros(2, 2 * hubert.shortest), torch.tensor([2, 1]) * hubert.shortest
    whole = WholeNetwork(hubert).eval()
    with _plain(hubert.network), warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # that it is the old exporter, and of constants in traces
        torch.onnx.export(
            whole,
            (samples, lengths),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["samples", "lengths"],
            output_names=["logits"],
            dynamic_axes={
                "samples": {0: "clips", 1: "samples"},
                "lengths": {0: "clips"},
                "logits": {0: "clips"},
            },
        )
    model = onnx.load(str(path))
    # Shapes that the exporter noted hold for its example only, and stop the quantiser.
    del model.graph.value_info[:]
    facts = {SHORTEST: str(hubert.shortest), CLASS_NAMES: ",".join(CLASSES)}
    onnx.helper.set_model_props(model, facts)
    onnx.save(model, str(path))


def quantize(source: Path, target: Path) -> None:
    """The same network with 8-bit matrix products; activations are scaled as they come.

    Weights are signed and use 7 of their bits: with 8, pairs of products overflow on a CPU with
    AVX2 alone, which moved logits by a quarter of their range. Unsigned ones of 8 bits do not
    overflow but take a third longer there: with 95 M parameters they were no nearer to 32 bits,
    with a few thousand twice as near.
    """
    logging.disable(logging.WARNING)  # it recommends a step that this graph does not need
    try:
        quantize_dynamic(
            str(source),
            str(target),
            op_types_to_quantize=["MatMul", "Gemm"],
            weight_type=QuantType.QInt8,
            reduce_range=True,
            per_channel=True,
        )
    finally:
        logging.disable(logging.NOTSET)


def _as_product(conv: Any, hidden: torch.Tensor) -> torch.Tensor:
    """A convolution over (clips, frames, channels) as one matrix product."""
    kernel, stride = conv.kernel_size[0], conv.stride[0]
    frames = (hidden.shape[1] - kernel) // stride + 1
    if kernel == stride:  # they share nothing, so that nothing is copied
        windows = hidden[:, : frames * stride]
    else:
        windows = hidden[:, torch.arange(frames)[:, None] * stride + torch.arange(kernel)]
    windows = windows.reshape(hidden.shape[0], -1, kernel * hidden.shape[2])
    weights = conv.weight.permute(2, 1, 0).reshape(-1, conv.out_channels)
    made: torch.Tensor = windows @ weights
    return made if conv.bias is None else made + conv.bias


@contextmanager
def _plain(network: Any) -> Iterator[None]:
    """The positional convolution with its weights multiplied out, attention without a guard
    against clips of padding alone, and both back again."""
    position = network.hubert.encoder.pos_conv_embed
    normed = position.conv
    plain = torch.nn.Conv1d(
        normed.in_channels,
        normed.out_channels,
        normed.kernel_size,
        padding=normed.padding,
        groups=normed.groups,
        bias=normed.bias is not None,
    )
    plain.weight, plain.bias = torch.nn.Parameter(normed.weight.detach()), normed.bias
    attention = network.config._attn_implementation
    position.conv = plain
    network.set_attn_implementation("eager")
    try:
        yield
    finally:
        position.conv = normed
        network.set_attn_implementation(attention)
