#include "c/waiting.h"

#include "c/arguments.h"

namespace ossicle::c {

std::size_t RowsToTake(std::size_t waiting, std::size_t row, const void* out,
                       std::size_t capacity) {
  if (waiting == 0) return 0;
  CheckRoom(row, out, capacity, nullptr);
  return std::min(waiting, capacity / row);
}

}  // namespace ossicle::c
