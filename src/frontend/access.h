#pragma once

#include "frontend/compute.h"
#include "ossicle/frontend.h"

namespace ossicle::internal {

/// What is inside the public classes, for those that run a front end in their own way.
struct FrontendAccess {
  static const CompiledFrontend& Compiled(const Frontend& frontend) { return *frontend.compiled_; }
};

}  // namespace ossicle::internal
