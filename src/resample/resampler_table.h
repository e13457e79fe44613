#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "resample/filter_bank.h"
#include "resample/fir_stage.h"
#include "resample/interpolated_filter.h"
#include "resample/lengths.h"
#include "resample/soxr_design.h"

namespace ossicle::internal {

/// A definition that is one FilterBank.
struct BankRecipe {
  FilterBank (*bank)(Ratio ratio, Precision precision) = nullptr;
  ResamplerEdge edge = ResamplerEdge::kZeros;
};

struct SoxrRecipe {
  SoxrQuality quality = SoxrQuality::kHigh;
};

using Recipe = std::variant<BankRecipe, InterpolatedFilter, SoxrRecipe>;

/// What the outputs are rounded to.
enum class OutputRounding {
  kNone,
  kInt16,   ///< to 16 bits
  kInteger  ///< samples and taps are 16-bit integers, and so is all arithmetic
};

struct ResamplerRow {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  Recipe recipe;
  LengthRule length = CeilingLength;
  /// Where the caller of the library has a rule of its own: zeros are appended, or outputs dropped.
  LengthRule caller_length = nullptr;
  OutputRounding rounding = OutputRounding::kNone;
};

std::span<const ResamplerRow> ResamplerTable();

}  // namespace ossicle::internal
