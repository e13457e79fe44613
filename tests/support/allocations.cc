#include "support/allocations.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

/// Before each piece of memory: its size, in as many bytes as keep the piece aligned.
std::size_t HeadBytes(std::size_t alignment) {
  return std::max(alignment, alignof(std::max_align_t));
}

void* Allocate(std::size_t size, std::size_t alignment) {
  if (ossicle::test::counting) ++ossicle::test::allocations;
  const std::size_t head = HeadBytes(alignment);
  const std::size_t whole = head + (size + head - 1) / head * head;
  auto* const memory = static_cast<std::byte*>(std::aligned_alloc(head, whole));
  if (memory == nullptr) throw std::bad_alloc();
  ossicle::test::living_bytes += static_cast<std::int64_t>(size);
  std::memcpy(memory, &size, sizeof size);
  return memory + head;
}

void Free(void* given, std::size_t alignment) {
  if (given == nullptr) return;
  std::byte* const memory = static_cast<std::byte*>(given) - HeadBytes(alignment);
  std::size_t size = 0;
  std::memcpy(&size, memory, sizeof size);
  ossicle::test::living_bytes -= static_cast<std::int64_t>(size);
  std::free(memory);
}

}  // namespace

// Every other form of operator new ends in one of these two.
void* operator new(std::size_t size) { return Allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return Allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { Free(memory, 1); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory, 1); }
void operator delete(void* memory, std::align_val_t alignment) noexcept {
  Free(memory, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
  Free(memory, static_cast<std::size_t>(alignment));
}
