#include "core/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

namespace ossicle::internal {

namespace {

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool IsNear(std::string_view name, std::string_view candidate, std::size_t distance) {
  if (!name.empty() && candidate.starts_with(name)) return true;
  // Of short names, half the letters are the same.
  return distance <= std::max<std::size_t>(2, name.size() / 3) &&
         2 * distance <= std::max(name.size(), candidate.size());
}

}  // namespace

std::string_view NearestName(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view nearest;
  std::size_t best = SIZE_MAX;
  for (const std::string_view candidate : names) {
    const std::size_t distance = EditDistance(name, candidate);
    if (distance >= best || !IsNear(name, candidate, distance)) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string NearestOffer(std::string_view name, const std::vector<std::string_view>& names) {
  const std::string_view nearest = NearestName(name, names);
  return nearest.empty() ? "" : "the nearest is \"" + std::string(nearest) + "\". ";
}

}  // namespace ossicle::internal
