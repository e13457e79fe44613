#include "ossicle/resampler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/fp_environment.h"
#include "core/nearest_name.h"
#include "dsp/finite.h"
#include "ossicle/error.h"
#include "resample/pipeline.h"
#include "resample/resampler_table.h"

namespace ossicle {

namespace internal {

namespace {

constexpr int kMaxRateHz = 768000;

const ResamplerRow& RowOf(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ResamplerRow& row : ResamplerTable()) {
    if (row.name == name) return row;
    names.push_back(row.name);
  }
  throw Error(Code::kInvalidSpec, "no resampler is named \"" + std::string(name) +
                                      "\"; the nearest is \"" +
                                      std::string(NearestName(name, names)) +
                                      "\". `ossicle resamplers` lists all of them");
}

void RequireRate(const char* field, int rate_hz) {
  if (rate_hz >= 1 && rate_hz <= kMaxRateHz) return;
  throw Error(Code::kInvalidSpec, std::string(field) + "=" + std::to_string(rate_hz) + "; 1.." +
                                      std::to_string(kMaxRateHz) + " are legal");
}

/// The ratio of legal terms that is nearest to up / down.
Ratio NearestRatio(Ratio wanted) {
  const double value = static_cast<double>(wanted.up) / wanted.down;
  Ratio best;
  double least = HUGE_VAL;
  for (int down = 1; down <= kMaxRatioTerm; ++down) {
    const double near = std::clamp(std::floor(value * down + 0.5), 1.0, double{kMaxRatioTerm});
    const double error = std::abs(near / down - value);
    if (error >= least) continue;
    least = error;
    best = {static_cast<int>(near), down};
  }
  return best;
}

Ratio RatioOf(int from_hz, int to_hz) {
  RequireRate("from_hz", from_hz);
  RequireRate("to_hz", to_hz);
  const int divisor = std::gcd(from_hz, to_hz);
  const Ratio ratio{to_hz / divisor, from_hz / divisor};
  if (std::max(ratio.up, ratio.down) <= kMaxRatioTerm) return ratio;
  const auto text = [](Ratio r) { return std::to_string(r.up) + ":" + std::to_string(r.down); };
  throw Error(Code::kInvalidSpec, std::to_string(from_hz) + " to " + std::to_string(to_hz) +
                                      " Hz is the ratio " + text(ratio) + "; terms of 1.." +
                                      std::to_string(kMaxRatioTerm) +
                                      " are legal. The nearest such ratio is " +
                                      text(NearestRatio(ratio)) + ": choose a rate that gives it");
}

}  // namespace

/// What all resamplers of one name and pair of rates share.
struct ResamplerPlan {
  ResamplerPlan(std::string_view name, int from, int to)
      : row(RowOf(name)), from_hz(from), to_hz(to), ratio(RatioOf(from, to)) {}

  const ResamplerRow& row;
  int from_hz;
  int to_hz;
  Ratio ratio;
  /// Of the type that computes; empty where the rates are equal.
  std::variant<StagePlans<float>, StagePlans<double>, StagePlans<std::int16_t>> stages;
  LengthInput length;  ///< but for the samples
  std::int64_t lookahead = 0;

  bool IsCopy() const { return from_hz == to_hz; }

  std::int64_t Length(LengthRule rule, std::int64_t samples) const {
    LengthInput in = length;
    in.samples = samples;
    return rule(in);
  }
  /// Outputs that the library computes.
  std::int64_t Computed(std::int64_t samples) const {
    return samples <= 0 ? 0 : Length(row.length, samples);
  }
  std::int64_t Outputs(std::int64_t samples) const {
    if (IsCopy() || samples <= 0) return std::max<std::int64_t>(samples, 0);
    return row.caller_length == nullptr ? Computed(samples) : Length(row.caller_length, samples);
  }
};

namespace {

template <class C>
void Fill(ResamplerPlan& plan) {
  StagePlans<C> stages = MakeStagePlans<C>(plan.row, plan.ratio, plan.from_hz, plan.to_hz);
  for (const auto& stage : stages) plan.lookahead += stage->Lookahead();
  if (const auto* fir = dynamic_cast<const FirPlan<C>*>(stages.front().get())) {
    plan.length.taps = fir->taps();
    plan.length.before = fir->before();
  }
  plan.stages = std::move(stages);
}

template <class T>
std::shared_ptr<const ResamplerPlan> MakePlan(std::string_view name, int from_hz, int to_hz) {
  const DefaultFpEnvironment environment;
  auto plan = std::make_shared<ResamplerPlan>(name, from_hz, to_hz);
  plan->length = {0, from_hz, to_hz, plan->ratio, 0, 0};
  if (plan->IsCopy()) return plan;
  const auto* soxr = std::get_if<SoxrRecipe>(&plan->row.recipe);
  if (plan->row.rounding == OutputRounding::kInteger) {
    Fill<std::int16_t>(*plan);
  } else if (std::is_same_v<T, double> ||
             (soxr != nullptr && soxr->quality == SoxrQuality::kVeryHigh)) {
    Fill<double>(*plan);
  } else {
    Fill<float>(*plan);
  }
  return plan;
}

constexpr double kInt16Scale = 32768.0;

/// To the nearest whole number, halves to even, as std::nearbyint, which the compiler does not do
/// in vectors. |x| must be below 2^22.
template <class T>
T Nearest(T x) {
  // Beside it, whole numbers are all that T has.
  constexpr T kLarge = static_cast<T>(3LL << (std::numeric_limits<T>::digits - 2));
  return std::copysign((x + kLarge) - kLarge, x);
}

template <class T>
T RoundedToInt16(T x) {
  constexpr T kScale = static_cast<T>(kInt16Scale);
  const T scaled = x * kScale;
  const T above = scaled < -kScale ? -kScale : scaled;
  return Nearest(above > kScale - 1 ? kScale - 1 : above) / kScale;
}

template <class C, class T>
C Converted(T x) {
  if constexpr (std::is_same_v<C, std::int16_t>) {
    return static_cast<C>(RoundedToInt16(x) * static_cast<T>(kInt16Scale));
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    return static_cast<C>(x) / static_cast<C>(kInt16Scale);
  } else {
    return static_cast<C>(x);
  }
}

/// The stages in any type, for samples of T.
template <class T>
class AnyPipeline {
 public:
  virtual ~AnyPipeline() = default;
  virtual void Push(std::span<const T> samples, std::vector<T>& out) = 0;
  virtual void Finish(std::int64_t outputs, std::vector<T>& out) = 0;
  virtual void Reset() = 0;
};

template <class T, class C>
class TypedPipeline final : public AnyPipeline<T> {
 public:
  explicit TypedPipeline(const StagePlans<C>& plans) : pipeline_(plans) {}

  void Push(std::span<const T> samples, std::vector<T>& out) override {
    if constexpr (std::is_same_v<T, C>) {
      pipeline_.Push(samples, out);
    } else {
      constexpr std::size_t kChunk = 4096;
      while (!samples.empty()) {
        const std::span<const T> chunk = samples.first(std::min(kChunk, samples.size()));
        samples = samples.subspan(chunk.size());
        input_.resize(chunk.size());
        std::transform(chunk.begin(), chunk.end(), input_.begin(), Converted<C, T>);
        made_.clear();
        pipeline_.Push(input_, made_);
        Append(out);
      }
    }
  }

  void Finish(std::int64_t outputs, std::vector<T>& out) override {
    if constexpr (std::is_same_v<T, C>) {
      pipeline_.Finish(outputs, out);
    } else {
      made_.clear();
      pipeline_.Finish(outputs, made_);
      Append(out);
    }
  }

  void Reset() override { pipeline_.Reset(); }

 private:
  void Append(std::vector<T>& out) const {
    const auto done = static_cast<std::ptrdiff_t>(out.size());
    out.resize(out.size() + made_.size());
    std::transform(made_.begin(), made_.end(), out.begin() + done, Converted<T, C>);
  }

  Pipeline<C> pipeline_;
  std::vector<C> input_;
  std::vector<C> made_;
};

template <class T>
std::unique_ptr<AnyPipeline<T>> MakePipeline(const ResamplerPlan& plan) {
  if (plan.IsCopy()) return nullptr;
  return std::visit(
      [](const auto& stages) -> std::unique_ptr<AnyPipeline<T>> {
        using C = typename std::decay_t<decltype(stages)>::value_type::element_type::Sample;
        return std::make_unique<TypedPipeline<T, C>>(stages);
      },
      plan.stages);
}

bool AllFinite(std::span<const float> samples) { return dsp::AllFinite(samples); }
bool AllFinite(std::span<const double> samples) {
  bool finite = true;
  for (const double x : samples) finite &= std::abs(x) <= std::numeric_limits<double>::max();
  return finite;
}

template <class T>
void RequireFinite(std::span<const T> samples, std::int64_t first) {
  if (AllFinite(samples)) return;
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

std::vector<ResamplerInfo> Resamplers() {
  std::vector<ResamplerInfo> infos;
  for (const internal::ResamplerRow& row : internal::ResamplerTable()) {
    infos.push_back({std::string(row.name), std::string(row.summary), std::string(row.source)});
  }
  return infos;
}

void RequireResampler(std::string_view name) { internal::RowOf(name); }

template <class T>
struct Resampler<T>::State {
  explicit State(std::shared_ptr<const ResamplerPlan> shared)
      : plan(std::move(shared)), pipeline(internal::MakePipeline<T>(*plan)) {}

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
    if (pipeline) pipeline->Finish(plan->Computed(samples), out);
    const std::int64_t left =
        plan->Outputs(samples) - outputs - static_cast<std::int64_t>(out.size() - before);
    out.resize(static_cast<std::size_t>(static_cast<std::int64_t>(out.size()) + left));
    Made(before, out);
  }

  void Made(std::size_t before, std::vector<T>& out) {
    outputs += static_cast<std::int64_t>(out.size() - before);
    if (!pipeline || plan->row.rounding != internal::OutputRounding::kInt16) return;
    std::transform(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                   out.begin() + static_cast<std::ptrdiff_t>(before), internal::RoundedToInt16<T>);
  }

  std::shared_ptr<const ResamplerPlan> plan;
  std::unique_ptr<internal::AnyPipeline<T>> pipeline;
  std::int64_t samples = 0;
  std::int64_t outputs = 0;
  bool ended = false;
};

template <class T>
Resampler<T>::Resampler(std::string_view name, int from_hz, int to_hz)
    : state_(std::make_unique<State>(internal::MakePlan<T>(name, from_hz, to_hz))) {}

template <class T>
Resampler<T>::Resampler(const Resampler& other)
    : state_(std::make_unique<State>(other.state_->plan)) {}

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
std::vector<T> Resample(std::string_view name, std::span<const T> samples, int from_hz, int to_hz) {
  Resampler<T> resampler(name, from_hz, to_hz);
  std::vector<T> out;
  out.reserve(
      static_cast<std::size_t>(resampler.OutputSamples(static_cast<std::int64_t>(samples.size()))));
  resampler.Push(samples, out);
  resampler.Finish(out);
  return out;
}

template class Resampler<float>;
template class Resampler<double>;
template std::vector<float> Resample(std::string_view, std::span<const float>, int, int);
template std::vector<double> Resample(std::string_view, std::span<const double>, int, int);

}  // namespace ossicle
