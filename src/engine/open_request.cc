#include "engine/open_request.h"

namespace ossicle {

std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input, Downmix downmix) {
  const AudioOptions options{input.channel, downmix};
  return input.raw ? OpenRawAudio(input.path, *input.raw, options) : OpenAudio(input.path, options);
}

std::unique_ptr<DecodedSource> OpenFrames(const InputRequest& input) {
  return input.raw ? OpenRawFrames(input.path, *input.raw) : OpenFrames(input.path);
}

}  // namespace ossicle
