#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ossicle::internal {

using Json = nlohmann::ordered_json;

/// Throws Error(kInvalidSpec) that says where the text is not JSON.
Json ParseJson(std::string_view text);

}  // namespace ossicle::internal
