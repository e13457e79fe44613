#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>

#include "resample/lengths.h"
#include "resample/pipeline.h"
#include "resample/resampler_table.h"

namespace ossicle::internal {

/// Throws Error(kInvalidSpec) that offers the nearest name where one is near.
const ResamplerRow& RowOf(std::string_view name);

/// What all resamplers of one name and pair of rates share.
struct ResamplerPlan {
  const ResamplerRow* row = nullptr;
  int from_hz = 0;
  int to_hz = 0;
  Ratio ratio;
  bool for_double = false;  ///< samples
  /// Of the type that computes; empty where the rates are equal.
  std::variant<StagePlans<float>, StagePlans<double>, StagePlans<std::int16_t>> stages;
  LengthInput length;          ///< but for the samples
  std::int64_t lookahead = 0;  ///< in input samples

  bool IsCopy() const { return from_hz == to_hz; }

  std::int64_t Length(LengthRule rule, std::int64_t samples) const {
    LengthInput in = length;
    in.samples = samples;
    return rule(in);
  }
  /// Outputs that the library computes.
  std::int64_t Computed(std::int64_t samples) const {
    return samples <= 0 ? 0 : Length(row->length, samples);
  }
  std::int64_t Outputs(std::int64_t samples) const {
    if (IsCopy() || samples <= 0) return std::max<std::int64_t>(samples, 0);
    return row->caller_length == nullptr ? Computed(samples) : Length(row->caller_length, samples);
  }
};

/// Makes the tables for samples of T, or gives those that were made for the same arguments a short
/// while ago. Throws what Resampler's constructor does.
template <class T>
std::shared_ptr<const ResamplerPlan> PlanFor(std::string_view name, int from_hz, int to_hz);

}  // namespace ossicle::internal
