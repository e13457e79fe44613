// libswresample by its C interface, 16-bit integers in and out. One call takes the whole signal to
// a resampler that stays open.

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "server.h"

namespace ossicle::bench {

namespace {

/// Samples of the input that are given at a time; the fastest of those tried.
constexpr int kPieceSamples = 4096;

struct Free {
  void operator()(SwrContext* context) const { swr_free(&context); }
};
using Swr = std::unique_ptr<SwrContext, Free>;

/// Since 4.12 (ffmpeg 6.1) it computes in float: another definition.
void RequireIntegers() {
  if (swresample_version() >= AV_VERSION_INT(4, 12, 0)) {
    throw std::runtime_error("computes in float; 4.11 and older do in integers");
  }
}

Swr Open(int from_hz, int to_hz) {
  AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
  SwrContext* context = nullptr;
  if (swr_alloc_set_opts2(&context, &mono, AV_SAMPLE_FMT_S16, to_hz, &mono, AV_SAMPLE_FMT_S16,
                          from_hz, 0, nullptr) < 0) {
    throw std::runtime_error("libswresample has no context");
  }
  Swr opened(context);
  if (swr_init(opened.get()) < 0) throw std::runtime_error("libswresample does not begin");
  return opened;
}

/// Returns the number of outputs; null samples are the end.
int Convert(const Swr& swr, const std::int16_t* samples, int count, std::int16_t* out, int room) {
  auto* in = reinterpret_cast<const std::uint8_t*>(samples);
  auto* to = reinterpret_cast<std::uint8_t*>(out);
  const int made = swr_convert(swr.get(), &to, room, samples == nullptr ? nullptr : &in, count);
  if (made < 0) throw std::runtime_error("libswresample does not convert");
  return made;
}

int Push(const Swr& swr, const std::vector<std::int16_t>& audio, std::vector<std::int16_t>& out) {
  const int samples = static_cast<int>(audio.size()), room = static_cast<int>(out.size());
  int made = 0;
  for (int start = 0; start < samples; start += kPieceSamples) {
    made += Convert(swr, audio.data() + start, std::min(kPieceSamples, samples - start),
                    out.data() + made, room - made);
  }
  return made;
}

std::vector<std::int16_t> In16Bits(const std::vector<float>& audio) {
  std::vector<std::int16_t> out;
  for (const float x : audio) out.push_back(static_cast<std::int16_t>(std::lrint(32768 * x)));
  return out;
}

int Run(int argc, char** argv) {
  RequireIntegers();
  const auto arguments = ParseArguments(argc, argv);
  const std::vector<std::int16_t> audio = In16Bits(LoadAudio(arguments.at("audio")));
  const int from_hz = std::stoi(arguments.at("from-hz")), to_hz = std::stoi(arguments.at("to-hz"));
  const Swr open = Open(from_hz, to_hz);
  std::vector<std::int16_t> out(
      static_cast<std::size_t>(static_cast<double>(audio.size()) * to_hz / from_hz + 65536));
  return Serve({
      .description = "\"package\": \"libswresample\", \"version\": \"" +
                     std::string(OSSICLE_BENCH_SWRESAMPLE_VERSION) + "\"",
      .run = [&] { Push(open, audio, out); },
      .output =
          [&](const std::string& path) {
            const Swr whole = Open(from_hz, to_hz);
            int made = Push(whole, audio, out);
            made +=
                Convert(whole, nullptr, 0, out.data() + made, static_cast<int>(out.size()) - made);
            std::vector<float> values;
            for (int i = 0; i < made; ++i) {
              values.push_back(static_cast<float>(out[static_cast<std::size_t>(i)]) / 32768);
            }
            WriteMatrix(path, values.data(), 1, made);
          },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}
