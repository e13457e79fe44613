#pragma once

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <type_traits>
#include <unordered_set>

#include "c/arguments.h"
#include "c/call.h"
#include "ossicle/ossicle.h"

namespace ossicle::c {

/// The handles of one kind that are alive: a pointer is looked up here before it is followed.
class LiveHandles {
 public:
  void Add(const void* handle);
  /// Throws Refusal(OSSICLE_INVALID_HANDLE) that names the kind.
  void Remove(const void* handle, const char* kind);
  void Check(const void* handle, const char* kind) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_set<const void*> handles_;
};

/// Those of this process. Never destroyed: a handle may be used while the process ends.
template <class Handle>
LiveHandles& Live() {
  static LiveHandles& live = *new LiveHandles;
  return live;
}

/// Hands a new object to the caller, who is to free it.
template <class Handle>
Handle* Publish(std::unique_ptr<Handle> object) {
  Live<Handle>().Add(object.get());
  return object.release();
}

/// The object of a handle. Throws Refusal for NULL and for one that was freed.
template <class Handle>
Handle& Deref(Handle* handle, const char* kind) {
  Require(handle, kind);
  Live<std::remove_const_t<Handle>>().Check(handle, kind);
  return *handle;
}

template <class Handle>
void Free(Handle* handle, const char* kind) {
  if (handle == nullptr) return;
  Live<Handle>().Remove(handle, kind);
  delete handle;
}

/// One thread at a time: throws Refusal(OSSICLE_BUSY) while another Turn is held.
class Turn {
 public:
  explicit Turn(std::atomic_flag& taken);
  ~Turn() { taken_.clear(std::memory_order_release); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::atomic_flag& taken_;
};

/// Calls `body` with the object of a stream's handle, one thread at a time.
template <class Handle, class Body>
ossicle_status CallStream(Handle* handle, const Body& body) noexcept {
  return Call([&] {
    Handle& self = Deref(handle, "stream");
    const Turn turn(self.taken);
    body(self);
  });
}

}  // namespace ossicle::c
