#include "ossicle/resampler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "core/fp_environment.h"
#include "dsp/finite.h"
#include "dsp/int16.h"
#include "ossicle/error.h"
#include "resample/any_pipeline.h"
#include "resample/plan.h"

namespace ossicle {

namespace internal {

namespace {

template <class T>
void RequireFinite(std::span<const T> samples, std::int64_t first) {
  if (dsp::AllFinite(samples)) return;
  const auto bad =
      std::find_if(samples.begin(), samples.end(), [](T x) { return !std::isfinite(x); });
  throw Error(Code::kNotFinite, std::string(std::isnan(*bad) ? "a NaN" : "an infinity") +
                                    " at sample " +
                                    std::to_string(first + (bad - samples.begin())) +
                                    ", counted from 0; audio must be finite numbers");
}

}  // namespace

}  // namespace internal

using internal::ResamplerPlan;

namespace {

ResamplerInfo InfoOf(const internal::ResamplerRow& row) {
  return {std::string(row.name), std::string(row.summary), std::string(row.source),
          row.rounding != internal::OutputRounding::kNone};
}

}  // namespace

std::vector<ResamplerInfo> Resamplers() {
  std::vector<ResamplerInfo> infos;
  for (const internal::ResamplerRow& row : internal::ResamplerTable()) infos.push_back(InfoOf(row));
  return infos;
}

ResamplerInfo FindResampler(std::string_view name) { return InfoOf(internal::RowOf(name)); }

template <class T>
struct Resampler<T>::State {
  State(std::shared_ptr<const ResamplerPlan> shared, ResamplerUse use_in)
      : plan(std::move(shared)), use(use_in), pipeline(internal::MakePipeline<T>(*plan, use)) {}

  void Push(std::span<const T> in, std::vector<T>& out) {
    const std::size_t before = out.size();
    samples += static_cast<std::int64_t>(in.size());
    if (pipeline) {
      pipeline->Push(in, out);
    } else {
      out.insert(out.end(), in.begin(), in.end());
    }
    Made(before, out);
  }

  void Finish(std::vector<T>& out) {
    ended = true;
    const std::size_t before = out.size();
    const auto size_at = [&](std::int64_t count) {
      return static_cast<std::size_t>(static_cast<std::int64_t>(before) + count - outputs);
    };
    if (pipeline) {
      const std::int64_t computed = plan->Computed(samples);
      pipeline->Finish(computed, out);
      // A last stage may give more, of what the blocks before it held; what is appended is zero.
      out.resize(std::min(out.size(), size_at(computed)));
    }
    out.resize(size_at(plan->Outputs(samples)));
    Made(before, out);
  }

  void Made(std::size_t before, std::vector<T>& out) {
    outputs += static_cast<std::int64_t>(out.size() - before);
    if (!pipeline || plan->row->rounding != internal::OutputRounding::kInt16) return;
    dsp::RoundToInt16(std::span(out).subspan(before));
  }

  std::shared_ptr<const ResamplerPlan> plan;
  ResamplerUse use;
  std::unique_ptr<internal::AnyPipeline<T>> pipeline;
  std::int64_t samples = 0;
  std::int64_t outputs = 0;
  bool ended = false;
};

template <class T>
Resampler<T>::Resampler(std::string_view name, int from_hz, int to_hz, ResamplerUse use)
    : state_(std::make_unique<State>(internal::PlanFor<T>(name, from_hz, to_hz), use)) {}

template <class T>
Resampler<T>::Resampler(const Resampler& other)
    : state_(std::make_unique<State>(other.state_->plan, other.state_->use)) {}

template <class T>
Resampler<T>::Resampler(Resampler&&) noexcept = default;
template <class T>
Resampler<T>& Resampler<T>::operator=(Resampler&&) noexcept = default;
template <class T>
Resampler<T>::~Resampler() = default;

template <class T>
int Resampler<T>::from_hz() const noexcept {
  return state_->plan->from_hz;
}

template <class T>
int Resampler<T>::to_hz() const noexcept {
  return state_->plan->to_hz;
}

template <class T>
std::int64_t Resampler<T>::OutputSamples(std::int64_t samples) const noexcept {
  return state_->plan->Outputs(samples);
}

template <class T>
std::int64_t Resampler<T>::MostOutputs(std::int64_t samples) const noexcept {
  if (!state_->pipeline) return samples;
  return static_cast<std::int64_t>(
      state_->pipeline->MostOutputs(static_cast<std::size_t>(samples)));
}

template <class T>
std::int64_t Resampler<T>::LookaheadSamples() const noexcept {
  return state_->plan->lookahead;
}

template <class T>
void Resampler<T>::Push(std::span<const T> samples, std::vector<T>& out) {
  if (state_->ended) {
    throw Error(Code::kShape, "Push after Finish: call Reset before the next signal");
  }
  internal::RequireFinite(samples, state_->samples);
  const internal::DefaultFpEnvironment environment;
  state_->Push(samples, out);
}

template <class T>
void Resampler<T>::Finish(std::vector<T>& out) {
  if (state_->ended) return;
  const internal::DefaultFpEnvironment environment;
  state_->Finish(out);
}

template <class T>
void Resampler<T>::Reset() {
  if (state_->pipeline) state_->pipeline->Reset();
  state_->samples = state_->outputs = 0;
  state_->ended = false;
}

template <class T>
std::vector<T> Resample(std::string_view name, std::span<const T> samples, int from_hz, int to_hz,
                        const ProgressFunction& progress) {
  Resampler<T> resampler(name, from_hz, to_hz);
  std::vector<T> out;
  out.reserve(
      static_cast<std::size_t>(resampler.OutputSamples(static_cast<std::int64_t>(samples.size()))));
  const std::size_t piece = 10 * static_cast<std::size_t>(from_hz);
  const double total_s = static_cast<double>(samples.size()) / from_hz;
  for (std::size_t done = 0; done < samples.size(); done += piece) {
    if (progress) progress(static_cast<double>(done) / from_hz, total_s);
    resampler.Push(samples.subspan(done, std::min(piece, samples.size() - done)), out);
  }
  resampler.Finish(out);
  return out;
}

template class Resampler<float>;
template class Resampler<double>;
template std::vector<float> Resample(std::string_view, std::span<const float>, int, int,
                                     const ProgressFunction&);
template std::vector<double> Resample(std::string_view, std::span<const double>, int, int,
                                      const ProgressFunction&);

}  // namespace ossicle
