#pragma once

#include <memory>

#include "ossicle/engine.h"

namespace ossicle {

/// Opens the file or the raw PCM. Throws what OpenAudio and OpenRawAudio throw.
std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input, Downmix downmix);

}  // namespace ossicle
