#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/open_request.h"

namespace ossicle {

Signal ReadSignal(const InputRequest& input, Downmix downmix, const ProgressFunction& progress) {
  constexpr std::size_t kBlockSamples = 1 << 16;
  const std::unique_ptr<AudioSource> source = OpenRequest(input, downmix);
  Signal signal{.samples = {}, .info = source->info()};
  std::vector<float> block(kBlockSamples);
  while (const std::int64_t count = source->Read(block)) {
    signal.samples.insert(signal.samples.end(), block.begin(), block.begin() + count);
    if (progress) progress(signal.DurationSeconds(), 0.0);
  }
  signal.info = source->info();
  return signal;
}

}  // namespace ossicle
