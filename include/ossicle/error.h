#pragma once

#include <stdexcept>
#include <string>

namespace ossicle {

/// What kind of thing went wrong. The command maps each to an exit code.
enum class Code {
  kInvalidSpec,  ///< a FrontendSpec, WindowRule or option out of range
  kShape,        ///< a buffer or view whose shape does not fit
  kNotFinite,    ///< a NaN or an infinity in the audio
  kInput,        ///< audio that cannot be opened, read or decoded
  kOutput,       ///< a result that cannot be written
  kModel,        ///< an ONNX model or runtime that cannot be used
  kInterrupted,  ///< the caller asked to stop
  kBusy,         ///< a queue that is full: come back later
  kTimeout,      ///< what was not done in the time that the caller gave
};

/// The only exception that Ossicle throws on purpose. what() holds the value, the legal range and
/// the cure.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Code code() const noexcept { return code_; }

 private:
  Code code_;
};

}  // namespace ossicle
