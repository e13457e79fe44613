#include "resample/plan.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <list>
#include <mutex>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/fp_environment.h"
#include "core/nearest_name.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "resample/fir_stage.h"

namespace ossicle::internal {

namespace {

void RequireRate(const char* field, int rate_hz) {
  if (rate_hz >= 1 && rate_hz <= kMaxSampleRateHz) return;
  throw Error(Code::kInvalidSpec, std::string(field) + "=" + std::to_string(rate_hz) + "; 1.." +
                                      std::to_string(kMaxSampleRateHz) + " are legal");
}

Ratio InLowestTerms(int from_hz, int to_hz) {
  const int divisor = std::gcd(from_hz, to_hz);
  return {to_hz / divisor, from_hz / divisor};
}

bool IsLegal(Ratio ratio) { return std::max(ratio.up, ratio.down) <= kMaxRatioTerm; }

/// Of the rates near `wanted_hz`, the nearest for which `works`; 0 where there is none.
template <class Works>
int NearestRate(int wanted_hz, const Works& works) {
  constexpr int kNearHz = 1000;
  for (int distance = 1; distance <= kNearHz; ++distance) {
    for (const int rate_hz : {wanted_hz - distance, wanted_hz + distance}) {
      if (rate_hz >= 1 && rate_hz <= kMaxSampleRateHz && works(rate_hz)) return rate_hz;
    }
  }
  return 0;
}

/// Rates near by that work, as the end of a message; "" where there are none. Equal rates are none:
/// they would say that the audio has the rate that it has not.
std::string Advice(int from_hz, int to_hz) {
  const auto works = [](int from, int to) {
    return from != to && IsLegal(InLowestTerms(from, to));
  };
  const int from = NearestRate(from_hz, [&](int rate_hz) { return works(rate_hz, to_hz); });
  const int to = NearestRate(to_hz, [&](int rate_hz) { return works(from_hz, rate_hz); });
  std::string pairs;
  if (from > 0) pairs = std::to_string(from) + " to " + std::to_string(to_hz) + " Hz";
  if (to > 0) {
    pairs += (pairs.empty() ? "" : ", or ") + std::to_string(from_hz) + " to " +
             std::to_string(to) + " Hz";
  }
  return pairs.empty() ? "" : ". The nearest that are: " + pairs;
}

Ratio RatioOf(int from_hz, int to_hz) {
  RequireRate("from_hz", from_hz);
  RequireRate("to_hz", to_hz);
  const Ratio ratio = InLowestTerms(from_hz, to_hz);
  if (IsLegal(ratio)) return ratio;
  throw Error(Code::kInvalidSpec,
              std::to_string(from_hz) + " to " + std::to_string(to_hz) + " Hz is the ratio " +
                  std::to_string(ratio.up) + ":" + std::to_string(ratio.down) + "; terms of 1.." +
                  std::to_string(kMaxRatioTerm) + " are legal" + Advice(from_hz, to_hz));
}

template <class C>
void Fill(ResamplerPlan& plan) {
  StagePlans<C> stages = MakeStagePlans<C>(*plan.row, plan.ratio, plan.from_hz, plan.to_hz);
  double inputs_per_sample = 1.0;  // of the stage's own input
  for (const auto& stage : stages) {
    plan.lookahead += static_cast<std::int64_t>(
        std::ceil(static_cast<double>(stage->Lookahead()) * inputs_per_sample));
    inputs_per_sample *= static_cast<double>(stage->ratio().down) / stage->ratio().up;
  }
  if (const auto* fir = dynamic_cast<const FirPlan<C>*>(stages.front().get())) {
    plan.length.taps = fir->taps();
    plan.length.before = fir->before();
  }
  plan.stages = std::move(stages);
}

template <class T>
std::shared_ptr<const ResamplerPlan> MakePlan(const ResamplerRow& row, int from_hz, int to_hz) {
  const DefaultFpEnvironment environment;
  auto plan = std::make_shared<ResamplerPlan>();
  plan->row = &row;
  plan->from_hz = from_hz;
  plan->to_hz = to_hz;
  plan->ratio = RatioOf(from_hz, to_hz);
  plan->for_double = std::is_same_v<T, double>;
  plan->length = {0, from_hz, to_hz, plan->ratio, 0, 0};
  if (plan->IsCopy()) return plan;
  const auto* soxr = std::get_if<SoxrRecipe>(&row.recipe);
  if (row.rounding == OutputRounding::kInteger) {
    Fill<std::int16_t>(*plan);
  } else if (plan->for_double || (soxr != nullptr && soxr->quality == SoxrQuality::kVeryHigh)) {
    Fill<double>(*plan);
  } else {
    Fill<float>(*plan);
  }
  return plan;
}

/// The plans that were used last: jobs over many files want the same few again and again.
class RecentPlans {
 public:
  template <class T>
  std::shared_ptr<const ResamplerPlan> Get(const ResamplerRow& row, int from_hz, int to_hz) {
    const std::lock_guard lock(mutex_);
    for (auto it = plans_.begin(); it != plans_.end(); ++it) {
      const ResamplerPlan& plan = **it;
      if (plan.row != &row || plan.from_hz != from_hz || plan.to_hz != to_hz ||
          plan.for_double != std::is_same_v<T, double>) {
        continue;
      }
      plans_.splice(plans_.begin(), plans_, it);
      return plans_.front();
    }
    plans_.push_front(MakePlan<T>(row, from_hz, to_hz));
    if (plans_.size() > kMostPlans) plans_.pop_back();
    return plans_.front();
  }

 private:
  static constexpr std::size_t kMostPlans = 8;
  std::mutex mutex_;
  std::list<std::shared_ptr<const ResamplerPlan>> plans_;  // the last used first
};

}  // namespace

const ResamplerRow& RowOf(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ResamplerRow& row : ResamplerTable()) {
    if (row.name == name) return row;
    names.push_back(row.name);
  }
  throw Error(Code::kInvalidSpec, "no resampler is named \"" + std::string(name) + "\"; " +
                                      NearestOffer(name, names) +
                                      "`ossicle resamplers` lists all of them");
}

template <class T>
std::shared_ptr<const ResamplerPlan> PlanFor(std::string_view name, int from_hz, int to_hz) {
  static RecentPlans recent;
  return recent.Get<T>(RowOf(name), from_hz, to_hz);
}

template std::shared_ptr<const ResamplerPlan> PlanFor<float>(std::string_view, int, int);
template std::shared_ptr<const ResamplerPlan> PlanFor<double>(std::string_view, int, int);

}  // namespace ossicle::internal
