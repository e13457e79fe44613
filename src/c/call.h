#pragma once

#include <stdexcept>
#include <string>

#include "ossicle/ossicle.h"

namespace ossicle::c {

/// What this layer itself refuses; Error is what those below throw.
class Refusal : public std::runtime_error {
 public:
  Refusal(ossicle_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  ossicle_status status() const noexcept { return status_; }

 private:
  ossicle_status status_;
};

/// To be called in a handler: the status of the exception, whose message ossicle_last_error() gives
/// from now on.
ossicle_status StatusOfException() noexcept;

/// Runs the body of a call, out of which no exception may come.
template <class Body>
ossicle_status Call(const Body& body) noexcept {
  try {
    body();
    return OSSICLE_OK;
  } catch (...) {
    return StatusOfException();
  }
}

}  // namespace ossicle::c
