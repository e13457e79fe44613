#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "encoder/onnx_session.h"
#include "encoder/run_slots.h"
#include "ossicle/encoder.h"

namespace ossicle {

/// What the copies of an Encoder, and its queues, share.
struct EncoderCore {
  EncoderCore(const std::string& path, const EncoderOptions& chosen);

  const ort::Session& session() const { return *sessions.front(); }

  /// How windows of `length` x `bands` go into the model. Throws Error(kModel) if they do not.
  std::shared_ptr<const WindowPlan> Plan(const WindowRule& rule, int bands, Layout layout);

  /// Of an embedding of `plan`: as declared, or found by a run on zeros.
  int EmbeddingSize(const WindowPlan& plan);

  const EncoderOptions options;  ///< with the number of workers filled in
  const std::vector<std::unique_ptr<const ort::Session>> sessions;
  const int declared_size;  ///< of an embedding; 0: left open
  std::atomic<int> embedding_size;
  RunSlots slots;

 private:
  WindowPlan Match(const WindowRule& rule, int bands, Layout layout) const;

  /// The last plan, so that a request like the one before allocates none.
  std::mutex plan_mutex_;
  std::shared_ptr<const WindowPlan> plan_;
  Layout plan_layout_ = Layout::kFramesFirst;
};

}  // namespace ossicle
