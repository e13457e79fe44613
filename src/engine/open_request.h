#pragma once

#include <memory>

#include "io/decoded_source.h"
#include "ossicle/engine.h"

namespace ossicle {

/// OpenRequest() with the channels as they are; input.channel counts for nothing.
std::unique_ptr<DecodedSource> OpenFrames(const InputRequest& input);

}  // namespace ossicle
