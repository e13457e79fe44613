#pragma once

#include <memory>

#include "ossicle/workers.h"
#include "process_local.h"

namespace ossicle::python {

/// The worker threads of one object, started when they are first needed.
class WorkerPool {
 public:
  /// 0: one a core. Throws Error(kInvalidSpec) for another number outside 1..256.
  explicit WorkerPool(int workers);

  int count() const noexcept { return count_; }

  /// nullptr for one worker: the calling thread. Hold the GIL.
  std::shared_ptr<Workers> Get();

 private:
  int count_;
  ProcessLocal<Workers> workers_;
};

}  // namespace ossicle::python
