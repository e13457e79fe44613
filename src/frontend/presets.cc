#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/preset_table.h"
#include "ossicle/error.h"
#include "ossicle/spec.h"

namespace ossicle {

using internal::PresetRow;
using internal::PresetTable;

namespace {

/// Edits that turn `a` into `b` (Levenshtein).
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

std::string_view NearestName(std::string_view name) {
  std::string_view nearest;
  std::size_t best = SIZE_MAX;
  for (const PresetRow& row : PresetTable()) {
    for (const std::string_view candidate : {row.name, row.alias}) {
      const std::size_t distance = EditDistance(name, candidate);
      if (candidate.empty() || distance >= best) continue;
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace

std::vector<PresetInfo> Presets() {
  std::vector<PresetInfo> presets;
  presets.reserve(PresetTable().size());
  for (const PresetRow& row : PresetTable()) {
    presets.push_back({row.family, row.name, row.alias, row.summary, row.source,
                       row.bounds.in_float, row.bounds.in_double});
  }
  return presets;
}

FrontendSpec Preset(std::string_view name) {
  for (const PresetRow& row : PresetTable()) {
    if (name != row.name && (name.empty() || name != row.alias)) continue;
    FrontendSpec spec = row.make();
    spec.name = row.name;
    return spec;
  }
  throw Error(Code::kInvalidSpec, "no front end is named \"" + std::string(name) +
                                      "\"; the nearest is \"" + std::string(NearestName(name)) +
                                      "\". `ossicle frontends` lists all of them");
}

}  // namespace ossicle
