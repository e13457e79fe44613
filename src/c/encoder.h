#pragma once

#include "c/threads.h"
#include "ossicle/encoder.h"
#include "ossicle/ossicle.h"

struct ossicle_encoder {
  explicit ossicle_encoder(const ossicle::Encoder& loaded) : encoder(loaded) {}

  const ossicle::Encoder encoder;
  mutable ossicle::c::Threads threads{encoder.options().workers};
};

namespace ossicle::c {

EncoderOptions GivenEncoderOptions(const ossicle_encoder_options* options);

}  // namespace ossicle::c
