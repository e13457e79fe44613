#pragma once

#include <memory>

#include "io/decoded_source.h"
#include "ossicle/engine.h"

namespace ossicle {

/// Opens the file or the raw PCM. Throws what OpenAudio and OpenRawAudio throw.
std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input, Downmix downmix);

/// The same with its channels as they are; input.channel counts for nothing.
std::unique_ptr<DecodedSource> OpenFrames(const InputRequest& input);

}  // namespace ossicle
