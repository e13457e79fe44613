#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "ossicle/frontend.h"

namespace ossicle::c {

/// Working memory of a front end that many threads use: as many pieces as ever ran at the same
/// time.
class ScratchPool {
 public:
  ScratchPool(Frontend frontend, int workers) : frontend_(std::move(frontend)), workers_(workers) {}

  /// A piece for the time of one run.
  class Loan {
   public:
    explicit Loan(ScratchPool& pool) : pool_(pool), scratch_(pool.Take()) {}
    ~Loan() { pool_.Return(std::move(scratch_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Scratch& scratch() noexcept { return scratch_; }

   private:
    ScratchPool& pool_;
    Scratch scratch_;
  };

 private:
  Scratch Take() {
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

  void Return(Scratch scratch) noexcept {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));  // has room for all that were made
  }

  const Frontend frontend_;
  const int workers_;
  std::mutex mutex_;
  std::vector<Scratch> free_;
  std::size_t made_ = 0;
};

}  // namespace ossicle::c
