#include "worker_pool.h"

#include <string>

#include "ossicle/error.h"

namespace ossicle::python {

WorkerPool::WorkerPool(int workers) : count_(workers == 0 ? Workers::HardwareCount() : workers) {
  if (workers < 0 || workers > 256) {
    throw Error(Code::kInvalidSpec, "workers is " + std::to_string(workers) +
                                        "; give 1..256, or 0 for one on each core");
  }
}

std::shared_ptr<Workers> WorkerPool::Get() {
  if (count_ == 1) return nullptr;
  return workers_.Get([this] { return std::make_shared<Workers>(count_); });
}

}  // namespace ossicle::python
