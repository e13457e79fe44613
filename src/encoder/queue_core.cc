#include "encoder/queue_core.h"

#include <algorithm>
#include <exception>
#include <stop_token>
#include <utility>

#include "encoder/deal.h"
#include "encoder/option_range.h"
#include "encoder/window_copy.h"

namespace ossicle {

namespace {

using Clock = std::chrono::steady_clock;

QueueOptions Checked(const QueueOptions& options) {
  CheckRange("queue", "max_batch", options.max_batch, 0, 1024);
  CheckRange("queue", "max_delay_us", options.max_delay_us, 0, 1'000'000);
  CheckRange("queue", "max_waiting", options.max_waiting, 1, 1 << 20);
  return options;
}

std::int64_t MaxBatch(int chosen, const WindowPlan& plan) {
  return chosen == 0 ? plan.input.batch() : std::min<std::int64_t>(chosen, plan.input.batch());
}

std::int64_t Left(const QueueRequest& request) {
  return static_cast<std::int64_t>(request.windows.size() - request.next);
}

}  // namespace

QueueCore::QueueCore(std::shared_ptr<EncoderCore> encoder, const WindowRule& rule, int bands,
                     Layout layout, const QueueOptions& options)
    : encoder_(std::move(encoder)),
      slots_(encoder_->slots),
      plan_(encoder_->Plan(rule, bands, layout)),
      embedding_size_(encoder_->EmbeddingSize(*plan_)),
      max_batch_(MaxBatch(Checked(options).max_batch, *plan_)),
      max_delay_(options.max_delay_us),
      max_waiting_(options.max_waiting),
      batches_(static_cast<std::size_t>(encoder_->options.workers)) {
  for (Batch& batch : batches_) batch.entries.reserve(static_cast<std::size_t>(max_batch_));
}

QueueOptions QueueCore::options() const {
  return {static_cast<int>(max_batch_), static_cast<int>(max_delay_.count()),
          static_cast<int>(max_waiting_)};
}

void QueueCore::AddCaller() {
  const Lock lock = slots_.MakeLock();
  ++callers_;
}

void QueueCore::RemoveCaller() {
  const Lock lock = slots_.MakeLock();
  --callers_;
  Dispatch();  // those who wait for company may wait for nobody now
}

QueueCore::Counts QueueCore::counts() {
  const Lock lock = slots_.MakeLock();
  return counts_;
}

void QueueCore::Close() {
  Lock lock = slots_.MakeLock();
  is_closed_ = true;
  slots_.Cancel(*this);
  ring_.Find([](QueueRequest& request) {
    request.wake.notify_one();
    return false;
  });
  idle_.wait(lock, [this] { return running_ == 0; });
}

std::int64_t QueueCore::Encode(std::span<const WindowView> windows, std::vector<float>& out,
                               const EncodeLimits& limits) {
  for (const WindowView& window : windows) CheckWindow(window, plan_->bands);
  const std::size_t base = out.size();
  out.resize(base + windows.size() * static_cast<std::size_t>(embedding_size_));
  try {
    if (!windows.empty()) EncodeInto(windows, out.data() + base, limits);
  } catch (...) {
    out.resize(base);
    throw;
  }
  return CountNotFinite(std::span(out).subspan(base), embedding_size_);
}

void QueueCore::EncodeInto(std::span<const WindowView> windows, float* out,
                           const EncodeLimits& limits) {
  QueueRequest request(windows, out);
  const auto stop = [&] {
    const Lock lock = slots_.MakeLock();
    request.is_stopped = true;
    request.wake.notify_one();
  };
  // Its destructor waits for a stop that is being told: after the lock's, before the request's.
  std::optional<std::stop_callback<decltype(stop)>> stop_callback;
  if (limits.stop.stop_possible()) stop_callback.emplace(limits.stop, stop);

  Lock lock = slots_.MakeLock();
  std::optional<Failure> failure = WhyGiveUp(request, limits);
  if (!failure) Enter(request);
  while (!failure && !request.IsDone()) {
    failure = request.failure ? request.failure : WhyGiveUp(request, limits);
    if (failure) {
      Leave(lock, request);
    } else if (request.slot != nullptr) {
      Lead(lock, request);
    } else {
      Sleep(lock, request, limits);
    }
  }
  if (failure) throw Error(failure->code, failure->message);
  --inside_;
  ReturnGrant(request);
}

/// Joins those who wait, or gets a slot at once.
void QueueCore::Enter(QueueRequest& request) {
  RunSlot* slot = nullptr;
  const std::int64_t given = Left(request);
  const bool is_due = max_delay_.count() == 0 || given >= max_batch_ || inside_ + 1 == callers_;
  if (counts_.waiting == 0 && is_due) slot = slots_.TryTake();
  const std::int64_t waits =
      slot == nullptr ? given : std::max<std::int64_t>(given - max_batch_, 0);
  if (waits > max_waiting_ - counts_.waiting) {
    if (slot != nullptr) slots_.Release(*slot);
    throw Error(Code::kBusy,
                "the encoder's queue is full: " + std::to_string(counts_.waiting) +
                    " windows wait, " + std::to_string(given) +
                    " more were given, and at most max_waiting=" + std::to_string(max_waiting_) +
                    " may wait; come back later, or allow more");
  }
  ++inside_;
  ring_.Add(request);
  counts_.waiting += given;
  if (max_delay_.count() > 0) request.due_at = Clock::now() + max_delay_;
  if (slot != nullptr) return Grant(request, *slot);
  Dispatch();
}

/// Gives up what is in no run yet, and the results of what is.
void QueueCore::Leave(Lock& lock, QueueRequest& request) {
  Drop(request);
  --inside_;
  ReturnGrant(request);
  request.is_leaving = true;
  request.wake.wait(lock, [&] { return request.gathering == 0; });
  for (Batch& batch : batches_) {
    for (Entry& entry : batch.entries) {
      if (entry.request == &request) entry.request = nullptr;
    }
  }
}

std::optional<Failure> QueueCore::WhyGiveUp(const QueueRequest& request,
                                            const EncodeLimits& limits) const {
  if (is_closed_ && request.HasWaiting()) {
    return Failure{Code::kInterrupted, "the encoder's queue has ended"};
  }
  if (request.is_stopped) return Failure{Code::kInterrupted, "the caller asked to stop"};
  if (limits.deadline && Clock::now() >= *limits.deadline) {
    return Failure{Code::kTimeout, "the deadline has passed, and " + std::to_string(request.done) +
                                       " of " + std::to_string(request.windows.size()) +
                                       " windows are encoded; give more time, or fewer windows"};
  }
  return std::nullopt;
}

void QueueCore::Sleep(Lock& lock, QueueRequest& request, const EncodeLimits& limits) {
  const bool waits_for_company = max_delay_.count() > 0 && request.HasWaiting() && !request.is_due;
  if (!waits_for_company) {
    if (!limits.deadline) return request.wake.wait(lock);
    request.wake.wait_until(lock, *limits.deadline);
    return;
  }
  request.wake.wait_until(
      lock, limits.deadline ? std::min(*limits.deadline, request.due_at) : request.due_at);
  if (!request.HasWaiting() || Clock::now() < request.due_at) return;
  SetDue(request);
  Dispatch();
}

void QueueCore::SetDue(QueueRequest& request) {
  if (!std::exchange(request.is_due, true)) ++due_;
}

/// Takes what waits of a request out of the ring.
void QueueCore::Drop(QueueRequest& request) {
  if (!request.HasWaiting()) return;
  counts_.waiting -= Left(request);
  request.next = request.windows.size();
  ring_.Remove(request);
  if (request.is_due) --due_;
}

bool QueueCore::Take(RunSlot& slot) {
  QueueRequest* leader = NextLeader();
  if (leader == nullptr) return false;
  Grant(*leader, slot);
  Dispatch();
  return true;
}

/// Gets slots for what waits, or a place in the line for one.
void QueueCore::Dispatch() {
  while (!is_waiting()) {
    QueueRequest* leader = NextLeader();
    if (leader == nullptr) return;
    RunSlot* slot = slots_.TryTake();
    if (slot == nullptr) return slots_.Wait(*this);
    Grant(*leader, *slot);
  }
}

/// `more`: windows that no leader has been called for.
bool QueueCore::IsDue(std::int64_t more) const {
  return max_delay_.count() == 0 || more >= max_batch_ || due_ > 0 || inside_ == callers_;
}

/// Who should lead a run now; its windows are in it.
QueueRequest* QueueCore::NextLeader() const {
  const std::int64_t more = counts_.waiting - granted_ * max_batch_;
  if (is_closed_ || more <= 0 || !IsDue(more)) return nullptr;
  if (awake_ != nullptr && awake_->slot == nullptr) return awake_;
  QueueRequest* leader = nullptr;
  ring_.Find([&](QueueRequest& request) {
    if (request.slot == nullptr && !request.is_leading) leader = &request;
    return leader != nullptr;
  });
  return leader;
}

void QueueCore::Grant(QueueRequest& leader, RunSlot& slot) {
  leader.slot = &slot;
  ++granted_;
  leader.wake.notify_one();
}

RunSlot& QueueCore::TakeGrant(QueueRequest& leader) {
  --granted_;
  return *std::exchange(leader.slot, nullptr);
}

/// For a leader that has no use for its slot any more.
void QueueCore::ReturnGrant(QueueRequest& request) {
  if (request.slot == nullptr) return;
  slots_.Release(TakeGrant(request));
  Dispatch();
}

/// One run, of the windows of whoever waits.
void QueueCore::Lead(Lock& lock, QueueRequest& leader) {
  RunSlot& slot = TakeGrant(leader);
  if (leader.HasWaiting()) {  // unless another run has taken them meanwhile
    leader.is_leading = true;
    ++running_;
    Batch& batch = Form(leader);
    Dispatch();  // what is left may go into another slot
    if (const std::optional<Failure> failure = Compute(lock, batch, slot)) Fail(batch, *failure);
    batch.entries.clear();
    batch.is_running = false;
    leader.is_leading = false;
    if (--running_ == 0) idle_.notify_all();
  }
  if (leader.HasWaiting()) awake_ = &leader;
  slots_.Release(slot);
  Dispatch();
  awake_ = nullptr;
}

/// Windows of the leader and the others in turn, one of each, until the batch is full.
QueueCore::Batch& QueueCore::Form(QueueRequest& leader) {
  Batch& batch = *std::ranges::find(batches_, false, &Batch::is_running);
  batch.is_running = true;
  Add(batch, leader);
  while (batch.entries.size() < static_cast<std::size_t>(max_batch_) && ring_.next() != nullptr) {
    Add(batch, *ring_.next());
  }
  return batch;
}

void QueueCore::Add(Batch& batch, QueueRequest& request) {
  batch.entries.push_back({&request, request.next});
  ++request.gathering;
  if (max_delay_.count() > 0) SetDue(request);  // what is left has waited
  if (Left(request) == 1) return Drop(request);
  ++request.next;
  --counts_.waiting;
  ring_.Pass(request);
}

/// Releases the lock while it computes.
std::optional<Failure> QueueCore::Compute(Lock& lock, Batch& batch, RunSlot& slot) {
  bool is_gathering = true;
  std::optional<Failure> failure;
  lock.unlock();
  try {
    slot.Prepare(*plan_);
    std::int64_t i = 0;
    for (const Entry& entry : batch.entries) {
      CopyWindow(entry.request->windows[entry.window], slot.Window(i++));
    }
    lock.lock();
    EndGathering(batch);
    is_gathering = false;
    lock.unlock();
    const RunSlot::Embeddings embeddings = slot.Run(i);
    lock.lock();
    Deliver(batch, embeddings);
  } catch (const Error& error) {
    failure = Failure{error.code(), error.what()};
  } catch (const std::exception& error) {
    failure = Failure{Code::kModel, error.what()};
  }
  if (!lock.owns_lock()) lock.lock();
  if (is_gathering) EndGathering(batch);
  ++counts_.runs;
  return failure;
}

/// From here on the run needs the memory of no caller.
void QueueCore::EndGathering(Batch& batch) {
  for (const Entry& entry : batch.entries) {
    QueueRequest& request = *entry.request;
    if (--request.gathering == 0 && request.is_leaving) request.wake.notify_one();
  }
}

void QueueCore::Deliver(const Batch& batch, const RunSlot::Embeddings& embeddings) {
  const float* values = embeddings.values.data();
  for (const auto& [request, window] : batch.entries) {
    if (request != nullptr) {
      std::copy_n(values, embedding_size_,
                  request->out + window * static_cast<std::size_t>(embedding_size_));
      if (++request->done == request->windows.size()) request->wake.notify_one();
    }
    values += embedding_size_;
  }
  counts_.windows += static_cast<std::int64_t>(batch.entries.size());
}

void QueueCore::Fail(const Batch& batch, const Failure& failure) {
  for (const auto& [request, window] : batch.entries) {
    if (request == nullptr) continue;
    request->failure = failure;
    Drop(*request);
    request->wake.notify_one();
  }
}

}  // namespace ossicle
