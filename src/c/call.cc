#include "c/call.h"

#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "ossicle/error.h"

namespace ossicle::c {

namespace {

thread_local std::string last_message;
thread_local const char* last_error = "";

/// In bytes. Only a long text of the caller's, which a message repeats, makes it longer.
constexpr std::size_t kMostMessage = 2000;
/// What is kept of either end of a longer one: the end has the cure.
constexpr std::size_t kKept = 300;

bool IsInsideCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Of UTF-8, cut between characters.
std::string Shortened(std::string_view message) {
  if (message.size() <= kMostMessage) return std::string(message);
  std::size_t begin = kKept;
  std::size_t end = message.size() - kKept;
  while (begin > 0 && IsInsideCharacter(message[begin])) --begin;
  while (end < message.size() && IsInsideCharacter(message[end])) ++end;
  return std::string(message.substr(0, begin)) + "…" + std::string(message.substr(end));
}

ossicle_status Fail(ossicle_status status, const char* message) noexcept {
  try {
    last_message = Shortened(message);
    last_error = last_message.c_str();
  } catch (...) {
    last_error = "out of memory, also for the message of what went wrong";
  }
  return status;
}

ossicle_status StatusOf(Code code) noexcept {
  switch (code) {
    case Code::kInvalidSpec:
      return OSSICLE_INVALID_SPEC;
    case Code::kShape:
      return OSSICLE_SHAPE;
    case Code::kNotFinite:
      return OSSICLE_NOT_FINITE;
    case Code::kInput:
      return OSSICLE_INPUT;
    case Code::kOutput:
      return OSSICLE_OUTPUT;
    case Code::kModel:
      return OSSICLE_MODEL;
    case Code::kInterrupted:
      return OSSICLE_INTERRUPTED;
    case Code::kBusy:
      return OSSICLE_BUSY;
    case Code::kTimeout:
      return OSSICLE_TIMEOUT;
  }
  return OSSICLE_INTERNAL;
}

/// A thread that cannot be started is a lack of memory, or of what stands for it.
ossicle_status StatusOf(const std::system_error& error) noexcept {
  return error.code() == std::errc::resource_unavailable_try_again ? OSSICLE_OUT_OF_MEMORY
                                                                   : OSSICLE_INTERNAL;
}

}  // namespace

ossicle_status StatusOfException() noexcept {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return Fail(refusal.status(), refusal.what());
  } catch (const Error& error) {
    return Fail(StatusOf(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return Fail(OSSICLE_OUT_OF_MEMORY, "out of memory");
  } catch (const std::length_error&) {
    return Fail(OSSICLE_OUT_OF_MEMORY, "out of memory: more than can be addressed");
  } catch (const std::system_error& error) {
    return Fail(StatusOf(error), error.what());
  } catch (const std::exception& error) {
    return Fail(OSSICLE_INTERNAL, error.what());
  } catch (...) {
    return Fail(OSSICLE_INTERNAL, "an exception that is no std::exception");
  }
}

}  // namespace ossicle::c

const char* ossicle_last_error(void) { return ossicle::c::last_error; }

const char* ossicle_status_name(int32_t status) {
  switch (status) {
    case OSSICLE_OK:
      return "ok";
    case OSSICLE_INVALID_SPEC:
      return "invalid spec";
    case OSSICLE_SHAPE:
      return "shape";
    case OSSICLE_NOT_FINITE:
      return "not finite";
    case OSSICLE_INPUT:
      return "input";
    case OSSICLE_OUTPUT:
      return "output";
    case OSSICLE_MODEL:
      return "model";
    case OSSICLE_INTERRUPTED:
      return "interrupted";
    case OSSICLE_BUSY:
      return "busy";
    case OSSICLE_TIMEOUT:
      return "timeout";
    case OSSICLE_INVALID_ARGUMENT:
      return "invalid argument";
    case OSSICLE_INVALID_HANDLE:
      return "invalid handle";
    case OSSICLE_SHORT_BUFFER:
      return "short buffer";
    case OSSICLE_OUT_OF_MEMORY:
      return "out of memory";
    case OSSICLE_INTERNAL:
      return "internal";
    default:
      return "unknown status";
  }
}
