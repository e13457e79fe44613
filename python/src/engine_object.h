#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <utility>

#include "ossicle/engine.h"
#include "process_local.h"
#include "worker_pool.h"

namespace ossicle::python {

/// ossicle.Engine. The model is opened anew in a process that was forked.
class EngineObject {
 public:
  EngineObject(std::string path, ModelChoices choices)
      : path_(std::move(path)), choices_(std::move(choices)), pool_(choices_.encoder.workers) {
    Get();
  }

  const std::string& path() const noexcept { return path_; }
  std::shared_ptr<Model> Get();

  /// (embeddings, times): (windows, dims) float32 and (windows, 2) float64, in seconds.
  nanobind::tuple EncodeFile(nanobind::handle path, nanobind::handle raw, nanobind::handle channel);
  nanobind::tuple EncodeSamples(nanobind::handle samples, nanobind::handle sample_rate_hz);

 private:
  std::string path_;
  ModelChoices choices_;
  WorkerPool pool_;
  ProcessLocal<Model> model_;
};

void BindEmbeddingStream(nanobind::module_& module);
void BindModelFiles(nanobind::module_& module);

}  // namespace ossicle::python
