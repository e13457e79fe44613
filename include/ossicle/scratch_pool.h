#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "ossicle/frontend.h"

namespace ossicle {

/// Working memory of a front end that many threads use: as many pieces as ever ran at the same
/// time. Safe for any number of threads.
class ScratchPool {
 public:
  /// Each piece is for up to `workers` (1..256) workers.
  ScratchPool(const Frontend& frontend, int workers);

  /// A piece for the time of one run.
  class Loan {
   public:
    explicit Loan(ScratchPool& pool);
    ~Loan();
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Scratch& scratch() noexcept { return scratch_; }

   private:
    ScratchPool& pool_;
    Scratch scratch_;
  };

 private:
  Scratch Take();
  void Return(Scratch scratch) noexcept;

  const Frontend frontend_;
  const int workers_;
  std::mutex mutex_;
  std::vector<Scratch> free_;
  std::size_t made_ = 0;
};

}  // namespace ossicle
