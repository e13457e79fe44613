#include "ossicle/context.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "ossicle/error.h"

namespace ossicle {

namespace {

constexpr std::array kEdgeNames = {"zeros", "repeat"};  // in the order of ContextEdge

constexpr int kMaxRows = 1024;

std::int64_t CountRows(std::span<const float> values, int size) {
  if (size > 0 && values.size() % static_cast<std::size_t>(size) == 0) {
    return std::ssize(values) / size;
  }
  throw Error(Code::kShape, std::to_string(values.size()) + " values are no whole rows of " +
                                std::to_string(size));
}

/// Which of `count` rows is number k in the context of row i; -1: zeros.
std::int64_t SourceRow(const ContextRule& rule, std::int64_t i, int k, std::int64_t count) {
  const std::int64_t first = i - rule.rows / 2;
  const std::int64_t row = first + k;
  if (rule.edge == ContextEdge::kZeros) return row < count ? std::max<std::int64_t>(row, -1) : -1;
  return first + rule.rows > count ? count - 1 : std::max<std::int64_t>(row, 0);
}

}  // namespace

std::string ToString(ContextEdge edge) { return kEdgeNames.at(static_cast<std::size_t>(edge)); }

ContextEdge ParseContextEdge(std::string_view text) {
  for (std::size_t i = 0; i < kEdgeNames.size(); ++i) {
    if (text == kEdgeNames[i]) return static_cast<ContextEdge>(i);
  }
  throw Error(Code::kInvalidSpec,
              "edge=\"" + std::string(text) + "\", but it must be zeros or repeat");
}

void ContextRule::Validate() const {
  if (rows >= 2 && rows <= kMaxRows && rows % 2 == 0) return;
  throw Error(Code::kInvalidSpec, "context=" + std::to_string(rows) +
                                      ", but it must be an even number in 2.." +
                                      std::to_string(kMaxRows));
}

void ForEachContext(std::span<const float> values, int size, const ContextRule& rule,
                    const std::function<void(std::span<const float>)>& sink) {
  rule.Validate();
  const std::int64_t count = CountRows(values, size);
  std::vector<float> context(static_cast<std::size_t>(rule.rows) * static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < count; ++i) {
    auto out = context.begin();
    for (int k = 0; k < rule.rows; ++k, out += size) {
      const std::int64_t row = SourceRow(rule, i, k, count);
      if (row < 0) {
        std::fill_n(out, size, 0.0f);
      } else {
        std::copy_n(values.begin() + row * size, size, out);
      }
    }
    sink(context);
  }
}

std::vector<float> PadEnds(std::span<const float> values, int size) {
  if (CountRows(values, size) == 0) {
    throw Error(Code::kShape, "there are 0 rows, but the first and the last are to be repeated");
  }
  const auto row = static_cast<std::size_t>(size);
  std::vector<float> padded;
  padded.reserve(values.size() + 2 * row);
  for (const std::span<const float> part : {values.first(row), values, values.last(row)}) {
    padded.insert(padded.end(), part.begin(), part.end());
  }
  return padded;
}

}  // namespace ossicle
