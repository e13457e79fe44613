#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "support/onnx_writer.h"

namespace ossicle::test {

/// Writes an encoder shaped like the audio encoder of Wav2Lip, [N, 1, 80, 16] to [N, 512], as
/// tests/models/make_wav2lip_encoder.py does: 13 convolutions of 2.8 million parameters. Returns
/// `path`.
inline std::string SaveWav2LipModel(const std::string& path) {
  struct Layer {
    int channels;
    int kernel;
    OnnxWriter::Shape strides;
    int padding;
    bool is_residual;
  };
  const std::vector<Layer> layers = {
      {32, 3, {1, 1}, 1, false},  {32, 3, {1, 1}, 1, true},  {32, 3, {1, 1}, 1, true},
      {64, 3, {3, 1}, 1, false},  {64, 3, {1, 1}, 1, true},  {64, 3, {1, 1}, 1, true},
      {128, 3, {3, 3}, 1, false}, {128, 3, {1, 1}, 1, true}, {128, 3, {1, 1}, 1, true},
      {256, 3, {3, 2}, 1, false}, {256, 3, {1, 1}, 1, true}, {512, 3, {1, 1}, 0, false},
      {512, 1, {1, 1}, 0, false}};
  std::mt19937 random(1);
  OnnxWriter writer;
  writer.Input("mel", {OnnxWriter::kFree, 1, 80, 16}).Output("embedding", {OnnxWriter::kFree, 512});
  std::string value = "mel";
  int channels = 1;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i];
    const std::string number = std::to_string(i);
    const int fan_in = channels * layer.kernel * layer.kernel;
    const float bound = std::sqrt((layer.is_residual ? 3.0f : 6.0f) / static_cast<float>(fan_in));
    std::vector<float> weights(static_cast<std::size_t>(layer.channels * fan_in));
    for (float& weight : weights) {
      weight = (static_cast<float>(random() % 2001) * 1e-3f - 1.0f) * bound;
    }
    const OnnxWriter::Shape pads(4, layer.padding);
    writer.Constant("w" + number, {layer.channels, channels, layer.kernel, layer.kernel}, weights)
        .Node("Conv", {value, "w" + number}, "c" + number,
              OnnxWriter::IntsAttribute("kernel_shape", {layer.kernel, layer.kernel}) +
                  OnnxWriter::IntsAttribute("strides", layer.strides) +
                  OnnxWriter::IntsAttribute("pads", pads));
    std::string last = "c" + number;
    if (layer.is_residual) {
      writer.Node("Add", {last, value}, "s" + number);
      last = "s" + number;
    }
    writer.Node("Relu", {last}, "r" + number);
    value = "r" + number;
    channels = layer.channels;
  }
  return writer.Node("Flatten", {value}, "embedding").Save(path);
}

}  // namespace ossicle::test
