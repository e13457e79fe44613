#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "ossicle/workers.h"

/// `count` workers, 1..8, all of which work, however little there is to do. Made once.
inline ossicle::Workers& AllOf(int count) {
  using ossicle::Workers;
  static std::array<std::unique_ptr<Workers>, 9> pools;
  std::unique_ptr<Workers>& pool = pools[static_cast<std::size_t>(count)];
  if (!pool) pool = std::make_unique<Workers>(count, Workers::Use::kAll);
  return *pool;
}
