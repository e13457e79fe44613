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

/// Of the JSON of a spec: no preset's name is like that.
bool LooksLikeFile(std::string_view name) {
  return name.ends_with(".json") || name.find('/') != std::string_view::npos;
}

std::string Offer(std::string_view name) {
  if (!LooksLikeFile(name)) return internal::NearestOffer(name, AllNames());
  return "if it is a file, give the spec that its JSON holds (FromJson, or from_json in Python), "
         "not its path; the ossicle command reads those that end in .json. ";
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
  throw Error(Code::kInvalidSpec, "no front end is named \"" + std::string(name) + "\"; " +
                                      Offer(name) + "`ossicle frontends` lists all of them");
}

}  // namespace ossicle
