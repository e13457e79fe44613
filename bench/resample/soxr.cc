// libsoxr by its C interface, float32 in and out. One call takes the whole signal to a resampler
// that stays open: clearing it would make its tables again.

#include <soxr.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "server.h"

namespace ossicle::bench {

namespace {

/// Samples of the input that are given at a time; the fastest of those tried.
constexpr std::size_t kPieceSamples = 4096;

using Soxr = std::unique_ptr<soxr, void (*)(soxr_t)>;

void Require(soxr_error_t error) {
  if (error != nullptr) throw std::runtime_error(std::string("libsoxr: ") + soxr_strerror(error));
}

Soxr Open(double from_hz, double to_hz, unsigned long recipe) {
  const soxr_io_spec_t types = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(recipe, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  Soxr opened(soxr_create(from_hz, to_hz, 1, &error, &types, &quality, &one_thread), soxr_delete);
  Require(error);
  return opened;
}

/// Returns the number of outputs.
std::size_t Push(const Soxr& soxr, const std::vector<float>& audio, std::vector<float>& out) {
  std::size_t made = 0;
  for (std::size_t start = 0; start < audio.size(); start += kPieceSamples) {
    const std::size_t count = std::min(kPieceSamples, audio.size() - start);
    std::size_t done = 0;
    Require(soxr_process(soxr.get(), audio.data() + start, count, nullptr, out.data() + made,
                         out.size() - made, &done));
    made += done;
  }
  return made;
}

int Run(int argc, char** argv) {
  const auto arguments = ParseArguments(argc, argv);
  const std::vector<float> audio = LoadAudio(arguments.at("audio"));
  const double from_hz = std::stod(arguments.at("from-hz"));
  const double to_hz = std::stod(arguments.at("to-hz"));
  const unsigned long recipe = arguments.at("quality") == "VHQ" ? SOXR_VHQ : SOXR_HQ;
  const Soxr open = Open(from_hz, to_hz, recipe);
  // One call may give what another one left behind.
  std::vector<float> out(
      static_cast<std::size_t>(static_cast<double>(audio.size()) * to_hz / from_hz + 65536));
  const std::string version = soxr_version();
  return Serve({
      .description = "\"package\": \"libsoxr\", \"version\": \"" +
                     version.substr(version.rfind('-') + 1) + "\"",
      .run = [&] { Push(open, audio, out); },
      .output =
          [&](const std::string& path) {
            const Soxr whole = Open(from_hz, to_hz, recipe);
            std::size_t made = Push(whole, audio, out), rest = 0;
            Require(soxr_process(whole.get(), nullptr, 0, nullptr, out.data() + made,
                                 out.size() - made, &rest));
            WriteMatrix(path, out.data(), 1, static_cast<std::int64_t>(made + rest));
          },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}
