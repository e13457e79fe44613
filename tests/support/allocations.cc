#include "support/allocations.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t kUsual = alignof(std::max_align_t);

/// Keeps the size in front, so that Free can count it.
void* Allocate(std::size_t size, std::size_t alignment) {
  if (ossicle::test::counting) ++ossicle::test::allocations;
  const std::size_t whole = alignment + (size + alignment - 1) / alignment * alignment;
  auto* const memory = static_cast<std::byte*>(std::aligned_alloc(alignment, whole));
  if (memory == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(memory) = size;
  ossicle::test::held_bytes += static_cast<std::int64_t>(size);
  return memory + alignment;
}

void Free(void* memory, std::size_t alignment) {
  if (memory == nullptr) return;
  std::byte* const whole = static_cast<std::byte*>(memory) - alignment;
  ossicle::test::held_bytes -=
      static_cast<std::int64_t>(*reinterpret_cast<const std::size_t*>(whole));
  std::free(whole);
}

std::size_t Number(std::align_val_t alignment) {
  return std::max(kUsual, static_cast<std::size_t>(alignment));
}

}  // namespace

// Every other form of operator new ends in one of these two.
void* operator new(std::size_t size) { return Allocate(size, kUsual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return Allocate(size, Number(alignment));
}
void operator delete(void* memory) noexcept { Free(memory, kUsual); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory, kUsual); }
void operator delete(void* memory, std::align_val_t alignment) noexcept {
  Free(memory, Number(alignment));
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
  Free(memory, Number(alignment));
}
