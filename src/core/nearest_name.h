#pragma once

#include <string_view>
#include <vector>

namespace ossicle::internal {

/// The one that takes the fewest edits to become `name` (Levenshtein); "" of none.
std::string_view NearestName(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace ossicle::internal
