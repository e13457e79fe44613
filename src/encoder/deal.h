#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "encoder/encoder_core.h"
#include "ossicle/encoder.h"
#include "ossicle/features.h"
#include "ossicle/workers.h"

namespace ossicle {

/// Windows to encode, wherever they are.
class WindowSource {
 public:
  virtual std::int64_t count() const = 0;
  virtual void Copy(std::int64_t window, const FeatureView<float>& target) const = 0;

 protected:
  ~WindowSource() = default;
};

struct Dealt {
  int embedding_size = 0;
  std::int64_t not_finite = 0;
};

/// Encodes all windows of `source`, dealt evenly to the workers, and appends their embeddings to
/// `out`, all or nothing. Throws what the source, RunSlot and `progress`
/// throw.
Dealt DealWindows(EncoderCore& core, const WindowPlan& plan, const WindowSource& source,
                  std::vector<float>& out, Workers* workers,
                  const EncoderProgress& progress = nullptr);

/// How many of `values`, embeddings of `size` values, hold a NaN or an infinity.
std::int64_t CountNotFinite(std::span<const float> values, int size) noexcept;

}  // namespace ossicle
