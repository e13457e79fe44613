#include "c/handles.h"

#include <mutex>
#include <string>

#include "c/call.h"

namespace ossicle::c {

namespace {

[[noreturn]] void RefuseHandle(const char* kind) {
  throw Refusal(OSSICLE_INVALID_HANDLE,
                "the " + std::string(kind) + " was freed, or is none that this library made");
}

}  // namespace

void LiveHandles::Add(const void* handle) {
  const std::unique_lock lock(mutex_);
  handles_.insert(handle);
}

void LiveHandles::Remove(const void* handle, const char* kind) {
  const std::unique_lock lock(mutex_);
  if (handles_.erase(handle) == 0) RefuseHandle(kind);
}

void LiveHandles::Check(const void* handle, const char* kind) const {
  const std::shared_lock lock(mutex_);
  if (!handles_.contains(handle)) RefuseHandle(kind);
}

Turn::Turn(std::atomic_flag& taken) : taken_(taken) {
  if (!taken_.test_and_set(std::memory_order_acquire)) return;
  throw Refusal(OSSICLE_BUSY,
                "another thread is in a call with this stream, which serves one thread at a time");
}

}  // namespace ossicle::c
