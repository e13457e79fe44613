#include "encoder/deal.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "dsp/finite.h"

namespace ossicle {

namespace {

std::int64_t CeilDivide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// The fewest runs that give every worker the same number of them; run i takes the windows from
/// count * i / runs on. Where every run costs the same, the fewest.
std::int64_t CountRuns(std::int64_t count, const ModelInput& input, std::int64_t active) {
  const std::int64_t fewest = CeilDivide(count, input.batch());
  if (!input.batch_is_free) return fewest;
  return std::min(count, active * CeilDivide(fewest, active));
}

class Deal {
 public:
  Deal(EncoderCore& core, const WindowPlan& plan, const WindowSource& source,
       std::vector<float>& out, Workers* workers, const EncoderProgress& progress)
      : core_(core),
        plan_(plan),
        source_(source),
        out_(out),
        base_(out.size()),
        workers_(workers),
        progress_(progress),
        active_(workers == nullptr ? 1 : std::min(workers->count(), core.options.workers)),
        runs_(CountRuns(source.count(), plan.input, active_)) {}

  Dealt Run() {
    try {
      if (plan_.embedding_size > 0) MakeRoom(plan_.embedding_size);
      if (embedding_size_ == 0) RunNext();  // the first run tells it
      RunAll();
    } catch (...) {
      out_.resize(base_);
      throw;
    }
    return {embedding_size_, not_finite_};
  }

 private:
  void RunAll() {
    const auto active = static_cast<int>(std::min<std::int64_t>(active_, runs_ - next_));
    const auto job = [this](int) {
      while (RunNext()) {
      }
    };
    if (active > 1) return workers_->Run(active, job);
    job(0);
  }

  bool RunNext() {
    const std::int64_t run = next_++;
    if (run >= runs_) return false;
    const std::int64_t first = source_.count() * run / runs_;
    try {
      RunWindows(first, source_.count() * (run + 1) / runs_ - first);
      Report();
    } catch (...) {
      next_ = runs_;
      throw;
    }
    return true;
  }

  void RunWindows(std::int64_t first, std::int64_t count) {
    const SlotLease slot(core_.slots);
    slot->Prepare(plan_);
    for (std::int64_t i = 0; i < count; ++i) source_.Copy(first + i, slot->Window(i));
    const RunSlot::Embeddings embeddings = slot->Run(count);
    if (embedding_size_ == 0) MakeRoom(embeddings.size);
    std::ranges::copy(embeddings.values,
                      out_.begin() + static_cast<std::ptrdiff_t>(base_) + first * embedding_size_);
    done_ += count;
    not_finite_ += CountNotFinite(embeddings.values, embeddings.size);
  }

  void Report() {
    if (progress_ && std::this_thread::get_id() == caller_) progress_(done_);
  }

  void MakeRoom(int embedding_size) {
    embedding_size_ = embedding_size;
    out_.resize(base_ + static_cast<std::size_t>(source_.count() * embedding_size));
  }

  EncoderCore& core_;
  const WindowPlan& plan_;
  const WindowSource& source_;
  std::vector<float>& out_;
  const std::size_t base_;
  Workers* const workers_;
  const EncoderProgress& progress_;
  const std::thread::id caller_ = std::this_thread::get_id();
  const std::int64_t active_;
  const std::int64_t runs_;
  int embedding_size_ = 0;
  std::atomic<std::int64_t> next_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::atomic<std::int64_t> not_finite_ = 0;
};

}  // namespace

Dealt DealWindows(EncoderCore& core, const WindowPlan& plan, const WindowSource& source,
                  std::vector<float>& out, Workers* workers, const EncoderProgress& progress) {
  return Deal(core, plan, source, out, workers, progress).Run();
}

std::int64_t CountNotFinite(std::span<const float> values, int size) noexcept {
  std::int64_t count = 0;
  const auto step = static_cast<std::size_t>(size);
  for (; values.size() >= step && step > 0; values = values.subspan(step)) {
    count += dsp::AllFinite(values.first(step)) ? 0 : 1;
  }
  return count;
}

}  // namespace ossicle
