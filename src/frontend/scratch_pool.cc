#include "ossicle/scratch_pool.h"

#include <utility>

namespace ossicle {

ScratchPool::ScratchPool(const Frontend& frontend, int workers)
    : frontend_(frontend), workers_(workers) {}

ScratchPool::Loan::Loan(ScratchPool& pool) : pool_(pool), scratch_(pool.Take()) {}

ScratchPool::Loan::~Loan() { pool_.Return(std::move(scratch_)); }

Scratch ScratchPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      Scratch scratch = std::move(free_.back());
      free_.pop_back();
      return scratch;
    }
    free_.reserve(++made_);
  }
  return frontend_.MakeScratch(workers_);
}

void ScratchPool::Return(Scratch scratch) noexcept {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(scratch));  // has room for all that were made
}

}  // namespace ossicle
