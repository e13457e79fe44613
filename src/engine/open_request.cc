#include "engine/open_request.h"

namespace ossicle {

std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input, Downmix downmix) {
  const AudioOptions options{input.channel, downmix};
  return input.raw ? OpenRawAudio(input.path, *input.raw, options) : OpenAudio(input.path, options);
}

}  // namespace ossicle
