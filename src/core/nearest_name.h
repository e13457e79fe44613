#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ossicle::internal {

/// The one that takes the fewest edits to become `name` (Levenshtein), of those that begin with it
/// or take at most 2 edits, or a third of its length; "" where none is so near.
std::string_view NearestName(std::string_view name, const std::vector<std::string_view>& names);

/// `the nearest is "X". ` for a message; "" where none is near.
std::string NearestOffer(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace ossicle::internal
