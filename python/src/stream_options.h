#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <optional>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/stream.h"

namespace ossicle::python {

/// What a live stream is told: the rate (nullopt: the front end's), and None, the text of a mode
/// ("exact", "running", "segment:30") or the frozen numbers as JSON in a `bytes`.
StreamOptions StreamOptionsOf(std::optional<int> sample_rate_hz, nanobind::handle statistics);

/// The use of a stream by one thread: a second one gets Error(kBusy) instead of a data race.
class SoleUse {
 public:
  explicit SoleUse(std::atomic<bool>& busy) : busy_(busy) {
    if (busy_.exchange(true)) {
      throw Error(Code::kBusy,
                  "this stream is in use by another thread; give each thread a stream of its own");
    }
  }
  ~SoleUse() { busy_.store(false); }
  SoleUse(const SoleUse&) = delete;
  SoleUse& operator=(const SoleUse&) = delete;

 private:
  std::atomic<bool>& busy_;
};

}  // namespace ossicle::python
