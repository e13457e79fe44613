#include <chrono>
#include <utility>

#include "ossicle/engine.h"
#include "ossicle/error.h"

namespace ossicle {

Encoding Encode(const InputRequest& input, const Frontend& frontend, const Encoder& encoder,
                const WindowRule& rule, Workers* workers, const ProgressFunction& progress) {
  encoder.Check(rule, frontend.bands(), frontend.spec().layout);
  Extraction<float> extraction = Extract<float>(input, frontend, workers, progress);
  Encoding encoding;
  const auto start = std::chrono::steady_clock::now();
  try {
    encoding.embeddings = encoder.Encode(extraction.features, rule, workers);
  } catch (const Error& error) {
    if (error.code() != Code::kShape) throw;
    throw Error(Code::kShape, "\"" + input.path + "\": " + error.what());
  }
  extraction.seconds.encoder =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  encoding.frames = extraction.features.frames();
  encoding.input = std::move(extraction.input);
  encoding.duration_s = extraction.duration_s;
  encoding.seconds = extraction.seconds;
  return encoding;
}

}  // namespace ossicle
