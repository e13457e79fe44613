#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <optional>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/stream.h"

namespace ossicle::python {

/// What a live stream is told: the rate (None: the front end's), and None, the text of a mode
/// ("exact", "running", "segment:30") or the frozen numbers as JSON in a `bytes`.
StreamOptions StreamOptionsOf(nanobind::handle sample_rate_hz, nanobind::handle statistics);

/// What the calls of a live stream share.
struct StreamState {
  std::atomic<bool> busy = false;
  bool closed = false;
};

/// The use of a stream by one thread: a second one gets Error(kBusy) instead of a data race.
class SoleUse {
 public:
  explicit SoleUse(StreamState& state) : state_(state) {
    if (state_.busy.exchange(true)) {
      throw Error(Code::kBusy,
                  "this stream is in use by another thread; give each thread a stream of its own");
    }
  }
  ~SoleUse() { state_.busy.store(false); }
  SoleUse(const SoleUse&) = delete;
  SoleUse& operator=(const SoleUse&) = delete;

  /// Throws Error(kShape).
  void CheckOpen() const {
    if (state_.closed) throw Error(Code::kShape, "the stream is closed; make a new one");
  }

  void Close() { state_.closed = true; }

 private:
  StreamState& state_;
};

}  // namespace ossicle::python
