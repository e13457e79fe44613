#pragma once

#include <memory>
#include <string>

#include "encoder/onnx_session.h"

namespace ossicle {

/// A session of the model at `path`. With options.cache_folder, of its optimised copy, which is
/// made there unless it is there already. A copy carries its own checksum: a damaged one is made
/// anew. Throws what ort::Session throws, and Error(kOutput) if the copy cannot be written.
std::unique_ptr<const ort::Session> OpenSession(const ort::Runtime& runtime,
                                                const std::string& path,
                                                const EncoderOptions& options);

}  // namespace ossicle
