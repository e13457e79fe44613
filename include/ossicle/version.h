#pragma once

#include <string>

namespace ossicle {

/// "0.1.0".
std::string Version();
/// Short hash of the commit that was built, with "-dirty" for uncommitted changes; "unknown"
/// outside a checkout.
std::string GitHash();
/// "Release", "Debug", ...
std::string BuildType();

}  // namespace ossicle
