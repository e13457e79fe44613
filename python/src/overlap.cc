#include "overlap.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace ossicle::python {

bool OverlapsItself(std::span<const std::size_t> shape, std::span<const std::int64_t> strides) {
  std::vector<std::pair<std::int64_t, std::int64_t>> steps;  // of each dimension: stride, reach
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto extent = static_cast<std::int64_t>(shape[i]);
    const std::int64_t stride = std::abs(strides[i]);
    if (extent == 0) return false;
    if (extent > 1) steps.emplace_back(stride, (extent - 1) * stride);
  }
  std::ranges::sort(steps);
  std::int64_t inner_reach = 0;
  for (const auto& [stride, reach] : steps) {
    if (stride <= inner_reach) return true;
    inner_reach += reach;
  }
  return false;
}

}  // namespace ossicle::python
