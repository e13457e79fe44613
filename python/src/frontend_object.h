#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <span>
#include <string>

#include "ossicle/frontend.h"
#include "ossicle/scratch_pool.h"
#include "samples.h"
#include "worker_pool.h"

namespace ossicle::python {

/// "float" or "double" of a Python argument. Throws Error(kInvalidSpec).
bool IsDouble(const std::string& precision);

/// ossicle.Frontend.
class FrontendObject {
 public:
  FrontendObject(const FrontendSpec& spec, bool is_double, int workers)
      : frontend_(spec),
        is_double_(is_double),
        pool_(workers),
        scratch_(frontend_, pool_.count()) {}

  const Frontend& frontend() const noexcept { return frontend_; }
  bool is_double() const noexcept { return is_double_; }
  WorkerPool& pool() noexcept { return pool_; }

  /// Features of an array, or of each array of a list or a tuple.
  nanobind::object Call(nanobind::handle samples, nanobind::handle sample_rate_hz,
                        nanobind::handle axis, nanobind::handle out);

 private:
  template <class T>
  nanobind::object Compute(const Samples& samples, int rate_hz, nanobind::handle out);
  template <class T>
  void Run(std::span<const float> audio, FeatureView<T> out);

  Frontend frontend_;
  bool is_double_;
  WorkerPool pool_;
  ScratchPool scratch_;
};

}  // namespace ossicle::python
