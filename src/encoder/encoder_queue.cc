#include "ossicle/encoder_queue.h"

#include <utility>

#include "encoder/queue_core.h"

namespace ossicle {

EncoderQueue::EncoderQueue(const Encoder& encoder, const WindowRule& rule, int bands, Layout layout,
                           const QueueOptions& options)
    : core_(std::make_shared<QueueCore>(encoder.core_, rule, bands, layout, options)) {}

EncoderQueue::~EncoderQueue() { core_->Close(); }

EncoderQueue::Caller EncoderQueue::MakeCaller() { return Caller(core_); }

QueueOptions EncoderQueue::options() const noexcept { return core_->options(); }

int EncoderQueue::embedding_size() const noexcept { return core_->embedding_size(); }

std::int64_t EncoderQueue::waiting() const noexcept { return core_->counts().waiting; }

std::int64_t EncoderQueue::runs() const noexcept { return core_->counts().runs; }

std::int64_t EncoderQueue::windows() const noexcept { return core_->counts().windows; }

EncoderQueue::Caller::Caller(std::shared_ptr<QueueCore> core) : core_(std::move(core)) {
  core_->AddCaller();
}

EncoderQueue::Caller::Caller(Caller&&) noexcept = default;

EncoderQueue::Caller& EncoderQueue::Caller::operator=(Caller&& other) noexcept {
  std::swap(core_, other.core_);
  return *this;
}

EncoderQueue::Caller::~Caller() {
  if (core_) core_->RemoveCaller();
}

std::int64_t EncoderQueue::Caller::Encode(std::span<const WindowView> windows,
                                          std::vector<float>& out, const EncodeLimits& limits) {
  return core_->Encode(windows, out, limits);
}

}  // namespace ossicle
