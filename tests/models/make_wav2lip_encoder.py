#!/usr/bin/env python3
"""Makes an ONNX encoder shaped like the audio encoder of Wav2Lip, with weights from a fixed seed.

    make_wav2lip_encoder.py [--batch 1] [--seed 0] OUT.onnx

It takes [N, 1, 80, 16] (N windows of 80 bands x 16 frames; with --batch, that many and no other
number) and gives [N, 512]: 13 convolutions of 2.8 million parameters, each followed by a ReLU, the
batch norms folded into the convolutions. Needs numpy and onnx.
"""

import argparse

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Output channels, kernel, stride, padding, and whether the input is added to the output.
LAYERS = [
    (32, 3, (1, 1), 1, False), (32, 3, (1, 1), 1, True), (32, 3, (1, 1), 1, True),
    (64, 3, (3, 1), 1, False), (64, 3, (1, 1), 1, True), (64, 3, (1, 1), 1, True),
    (128, 3, (3, 3), 1, False), (128, 3, (1, 1), 1, True), (128, 3, (1, 1), 1, True),
    (256, 3, (3, 2), 1, False), (256, 3, (1, 1), 1, True),
    (512, 3, (1, 1), 0, False), (512, 1, (1, 1), 0, False),
]


def make_model(batch, seed):
    random = np.random.default_rng(seed)
    nodes, weights = [], []
    value, channels = "mel", 1
    for i, (out_channels, kernel, stride, padding, residual) in enumerate(LAYERS):
        fan_in = channels * kernel * kernel
        # Uniform, with the variance that keeps the signal's size through a ReLU.
        bound = np.sqrt((3 if residual else 6) / fan_in)
        shape = (out_channels, channels, kernel, kernel)
        weight = random.uniform(-bound, bound, shape).astype(np.float32)
        bias = random.uniform(-0.1, 0.1, out_channels).astype(np.float32)
        weights += [numpy_helper.from_array(weight, f"weight{i}"),
                    numpy_helper.from_array(bias, f"bias{i}")]
        nodes.append(helper.make_node("Conv", [value, f"weight{i}", f"bias{i}"], [f"conv{i}"],
                                      kernel_shape=[kernel] * 2, strides=stride, pads=[padding] * 4))
        last = f"conv{i}"
        if residual:
            nodes.append(helper.make_node("Add", [last, value], [f"sum{i}"]))
            last = f"sum{i}"
        nodes.append(helper.make_node("Relu", [last], [f"relu{i}"]))
        value, channels = f"relu{i}", out_channels
    nodes.append(helper.make_node("Flatten", [value], ["embedding"]))

    graph = helper.make_graph(
        nodes, "wav2lip_audio_encoder",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [batch or "N", 1, 80, 16])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [batch or "N", 512])], weights)
    # Old enough for ONNX Runtime 1.20.
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)],
                             producer_name="make_wav2lip_encoder.py")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, help="fix the batch size; free if left out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("out")
    arguments = parser.parse_args()
    model = make_model(arguments.batch, arguments.seed)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, arguments.out)


if __name__ == "__main__":
    main()
