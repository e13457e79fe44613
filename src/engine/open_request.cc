#include "engine/open_request.h"

namespace ossicle {

std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input) {
  return input.raw ? OpenRawAudio(input.path, *input.raw, input.audio)
                   : OpenAudio(input.path, input.audio);
}

}  // namespace ossicle
