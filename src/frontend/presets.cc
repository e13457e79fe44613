#include <string>
#include <string_view>
#include <vector>

#include "core/nearest_name.h"
#include "frontend/preset_table.h"
#include "ossicle/error.h"
#include "ossicle/spec.h"

namespace ossicle {

using internal::PresetRow;
using internal::PresetTable;

namespace {

std::vector<std::string_view> AllNames() {
  std::vector<std::string_view> names;
  for (const PresetRow& row : PresetTable()) {
    names.emplace_back(row.name);
    if (*row.alias != '\0') names.emplace_back(row.alias);
  }
  return names;
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
                                      "\"; the nearest is \"" +
                                      std::string(internal::NearestName(name, AllNames())) +
                                      "\". `ossicle frontends` lists all of them");
}

}  // namespace ossicle
