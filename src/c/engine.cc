#include "c/engine.h"

#include <memory>

#include "c/arguments.h"
#include "c/call.h"
#include "c/encoder.h"
#include "c/frontend.h"
#include "c/handles.h"
#include "c/matrix.h"
#include "c/structs.h"
#include "ossicle/resampler.h"

namespace ossicle::c {

namespace {

const ossicle_engine& Self(const ossicle_engine* handle) { return Deref(handle, "engine"); }

ModelChoices GivenChoices(const ossicle_engine_options* given) {
  const ossicle_engine_options options = ReadOptions(given, "ossicle_engine_options");
  ModelChoices choices;
  if (options.frontend != nullptr) choices.frontend = GivenSpec(options.frontend);
  if (options.windows != nullptr) choices.windows = WindowRule::Parse(options.windows);
  if (options.tail != nullptr) choices.tail = ParseTail(options.tail);
  if (options.resampler != nullptr) choices.resampler = FindResampler(options.resampler).name;
  if (options.downmix != nullptr) choices.downmix = ParseDownmix(options.downmix);
  choices.encoder = GivenEncoderOptions(options.encoder);
  return choices;
}

}  // namespace

}  // namespace ossicle::c

using ossicle::c::Call;
using ossicle::c::Self;

ossicle_status ossicle_engine_create(const char* model_path, const ossicle_engine_options* options,
                                     ossicle_engine** engine) {
  return Call([&] {
    auto& result = ossicle::c::Result(engine, "engine");
    ossicle::c::Require(model_path, "model_path");
    result = ossicle::c::Publish(std::make_unique<ossicle_engine>(
        ossicle::OpenModel(model_path, ossicle::c::GivenChoices(options))));
  });
}

ossicle_status ossicle_engine_free(ossicle_engine* engine) {
  return Call([&] { ossicle::c::Free(engine, "engine"); });
}

ossicle_status ossicle_engine_get_info(const ossicle_engine* engine, ossicle_engine_info* info) {
  return Call([&] {
    const ossicle::Model& model = Self(engine).model;
    ossicle::c::WriteInfo({0, static_cast<std::size_t>(model.encoder.embedding_size()),
                           model.windows.length, model.is_packed ? 1 : 0},
                          "ossicle_engine_info", info);
  });
}

ossicle_status ossicle_engine_frontend(const ossicle_engine* engine, ossicle_frontend** frontend) {
  return Call([&] {
    auto& result = ossicle::c::Result(frontend, "frontend");
    const ossicle_engine& self = Self(engine);
    result =
        ossicle::c::Publish(std::make_unique<ossicle_frontend>(self.model.frontend, self.threads));
  });
}

ossicle_status ossicle_engine_encode_file(const ossicle_engine* engine, const char* path,
                                          ossicle_matrix** embeddings) {
  return Call([&] {
    auto& result = ossicle::c::Result(embeddings, "embeddings");
    const ossicle_engine& self = Self(engine);
    ossicle::c::Require(path, "path");
    const ossicle::InputRequest input{.path = path};
    result = ossicle::c::Publish(
        ossicle::c::MatrixOf(ossicle::Encode(input, self.model, self.threads->Get()), self.model));
  });
}

ossicle_status ossicle_engine_encode(const ossicle_engine* engine, const float* samples,
                                     size_t count, int32_t input_rate_hz,
                                     ossicle_matrix** embeddings) {
  return Call([&] {
    auto& result = ossicle::c::Result(embeddings, "embeddings");
    const ossicle_engine& self = Self(engine);
    const auto audio = ossicle::c::GivenSamples(samples, count);
    result = ossicle::c::Publish(
        ossicle::c::MatrixOf(ossicle::Encode(audio, self.model, self.threads->Get(),
                                             ossicle::c::GivenRate(input_rate_hz)),
                             self.model));
  });
}
