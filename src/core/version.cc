#include "ossicle/version.h"

#include "core/build_info.h"

namespace ossicle {

std::string Version() { return OSSICLE_VERSION; }
std::string GitHash() { return OSSICLE_GIT_HASH; }
std::string BuildType() { return OSSICLE_BUILD_TYPE; }

}  // namespace ossicle
