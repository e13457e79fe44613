// A frame's bits do not depend on where it stands: among its signal's frames, in its block of
// lanes, in a worker's share.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "oracle/signals.h"
#include "ossicle/frontend.h"
#include "support/pools.h"

namespace ossicle {
namespace {

/// `preset` less what looks beyond the frame: padding and the whole signal.
FrontendSpec FrameByFrame(const std::string& preset) {
  FrontendSpec spec = Preset(preset);
  spec.framing = Framing::kNoPadding;
  spec.pad_left_samples = spec.pad_right_samples = 0;
  spec.min_samples = 1;
  spec.append_zeros_samples = 0;
  spec.drop_last_frame = false;
  std::erase_if(spec.steps, [](const Step& step) {
    return std::holds_alternative<PeakFloor>(step) || std::holds_alternative<SubtractMean>(step) ||
           std::holds_alternative<Standardize>(step);
  });
  return spec;
}

std::vector<FrontendSpec> AllSpecs() {
  std::vector<FrontendSpec> specs;
  for (const PresetInfo& preset : Presets()) specs.push_back(FrameByFrame(preset.name));
  FrontendSpec cepstral = FrameByFrame("kaldi-fbank-80");
  cepstral.name = "cepstrum";
  cepstral.steps = {Cepstrum{13, 22.0, true}};
  specs.push_back(cepstral);
  FrontendSpec sparse = FrameByFrame("kaldi-fbank-80");
  sparse.name = "hop longer than the window";
  sparse.hop_samples = 1000;
  specs.push_back(sparse);
  return specs;
}

/// The frames of `audio`, packed.
template <class T>
std::vector<T> Compute(const Frontend& frontend, std::span<const float> audio, Workers* workers) {
  const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  Scratch scratch = frontend.MakeScratch(workers == nullptr ? 1 : workers->count());
  frontend.Run(audio, MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst),
               scratch, workers);
  return values;
}

/// Frame t of the signal from frame `shift` on has the bytes of frame shift + t of the whole.
template <class T>
void ExpectSameBytes(const FrontendSpec& spec, const std::vector<T>& whole,
                     const std::vector<T>& shifted, int shift) {
  // Without its predecessor, the first sample has another pre-emphasis.
  const std::size_t first = spec.preemphasis == PreEmphasis::kSignal ? 1 : 0;
  const auto bands = static_cast<std::size_t>(spec.bands());
  ASSERT_EQ(shifted.size() + shift * bands, whole.size());
  EXPECT_EQ(std::memcmp(whole.data() + (shift + first) * bands, shifted.data() + first * bands,
                        (shifted.size() - first * bands) * sizeof(T)),
            0)
      << spec.name << ", shifted by " << shift << " frames, " << InstructionSet();
}

template <class T>
void ExpectTheSameAtEveryPlace(const FrontendSpec& spec) {
  constexpr int kMostLanes = 16;
  const Frontend frontend(spec);
  const std::vector<float> audio = oracle::WhiteNoise(
      spec.frame_samples() + (2 * kMostLanes + 5) * std::int64_t{spec.hop_samples});
  const std::vector<T> whole = Compute<T>(frontend, audio, nullptr);
  for (const std::string& name : InstructionSets()) {
    SetInstructionSet(name);
    for (int shift = 0; shift <= 2 * kMostLanes + 1; ++shift) {
      const std::span<const float> rest = std::span(audio).subspan(
          static_cast<std::size_t>(shift) * static_cast<std::size_t>(spec.hop_samples));
      ExpectSameBytes(spec, whole, Compute<T>(frontend, rest, nullptr), shift);
      ExpectSameBytes(spec, whole, Compute<T>(frontend, rest, &AllOf(3)), shift);
    }
  }
  SetInstructionSet("");
}

TEST(Frames, HaveTheSameBitsAtEveryPlaceOfABlock) {
  for (const FrontendSpec& spec : AllSpecs()) {
    ExpectTheSameAtEveryPlace<float>(spec);
    ExpectTheSameAtEveryPlace<double>(spec);
  }
}

}  // namespace
}  // namespace ossicle
