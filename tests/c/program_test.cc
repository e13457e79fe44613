#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ossicle/engine.h"
#include "ossicle/stream.h"
#include "support/models.h"
#include "support/onnxruntime.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

/// As program.c makes it.
std::vector<float> Samples() {
  std::vector<float> samples(16000);
  std::uint32_t state = 1;
  for (float& x : samples) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 16) / 65536.0f - 0.5f;
  }
  return samples;
}

/// The line that program.c prints of these values.
std::string Line(const char* name, std::span<const float> values) {
  std::uint64_t hash = 14695981039346656037u;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int byte = 0; byte < 4; ++byte) {
      hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 1099511628211u;
    }
  }
  std::array<char, 80> line;
  std::snprintf(line.data(), line.size(), "%s %zu %016llx\n", name, values.size(),
                static_cast<unsigned long long>(hash));
  return line.data();
}

/// What the command prints; its exit status is part of it if it is not 0.
std::string Printed(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string printed;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) printed += static_cast<char>(c);
  const int status = pclose(pipe);
  return status == 0 ? printed : printed + "status " + std::to_string(status);
}

TEST(CProgram, OfC99PrintsTheBitsOfCpp) {
  if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  const test::TemporaryFolder folder;
  const std::string path = test::SaveDenseModel(folder / "dense.onnx", 16, 80);
  const std::string sound = folder / "noise.wav";
  test::WriteSound(sound, test::kWav16, 44100, 1, test::Noise(88200));

  const std::vector<float> samples = Samples();
  const Frontend frontend(Preset("wav2lip"));
  Stream<float> stream(frontend, {.input_rate_hz = 48000});
  std::vector<float> frames;
  stream.Push(samples, frames);
  stream.Finish(frames);
  ModelChoices choices;
  choices.frontend = Preset("wav2lip");
  choices.windows = WindowRule::Parse("16:80/25");
  choices.tail = Tail::kPad;
  const Model model = OpenModel(path, choices);
  std::vector<WindowView> windows(3);
  for (std::size_t i = 0; i < 3; ++i) windows[i].first = {&samples[i * 1280], 16, 80, 80, 1};
  std::vector<float> embeddings;
  model.encoder.Encode(windows, model.windows, 80, Layout::kFramesFirst, embeddings);

  EXPECT_EQ(Printed(std::string(OSSICLE_C_PROGRAM) + " " + path + " " + sound + " 2>&1"),
            Line("features", frontend.Run(samples)) + Line("stream", frames) +
                Line("windows", embeddings) +
                Line("embeddings", Encode({.path = sound}, model).embeddings.values));
}

}  // namespace
}  // namespace ossicle
