#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "dsp/int16.h"
#include "resample/pipeline.h"
#include "resample/plan.h"

namespace ossicle::internal {

/// Samples of full scale 1.0 in another type; 16-bit ones have a full scale of 32768.
template <class T, class C>
void Convert(std::span<const T> from, C* to) {
  if constexpr (std::is_same_v<C, std::int16_t>) return dsp::ToInt16(from, to);
  constexpr double kScale = std::is_same_v<T, std::int16_t> ? 0x1p-15 : 1.0;
  for (const T x : from) *to++ = static_cast<C>(x) * static_cast<C>(kScale);
}

/// The stages in any type, for samples of T.
template <class T>
class AnyPipeline {
 public:
  virtual ~AnyPipeline() = default;
  virtual void Push(std::span<const T> samples, std::vector<T>& out) = 0;
  virtual void Finish(std::int64_t outputs, std::vector<T>& out) = 0;
  virtual void Reset() = 0;
  /// Most outputs that a Push of `samples` gives.
  virtual std::size_t MostOutputs(std::size_t samples) const = 0;
};

template <class T, class C>
class TypedPipeline final : public AnyPipeline<T> {
 public:
  TypedPipeline(const StagePlans<C>& plans, ResamplerUse use)
      : chunk_samples_(ChunkSamples(use)), pipeline_(plans, use) {
    if (std::is_same_v<T, C> || use != ResamplerUse::kLive) return;
    input_.reserve(chunk_samples_);
    made_.reserve(pipeline_.MostOutputs(chunk_samples_));
  }

  void Push(std::span<const T> samples, std::vector<T>& out) override {
    if constexpr (std::is_same_v<T, C>) {
      pipeline_.Push(samples, out);
    } else {
      while (!samples.empty()) {
        const std::span<const T> chunk = samples.first(std::min(chunk_samples_, samples.size()));
        samples = samples.subspan(chunk.size());
        input_.resize(chunk.size());
        Convert(chunk, input_.data());
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

  std::size_t MostOutputs(std::size_t samples) const override {
    return pipeline_.MostOutputs(samples);
  }

 private:
  void Append(std::vector<T>& out) const {
    const std::size_t done = out.size();
    out.resize(done + made_.size());
    Convert(std::span<const C>(made_), out.data() + done);
  }

  const std::size_t chunk_samples_;
  Pipeline<C> pipeline_;
  std::vector<C> input_;
  std::vector<C> made_;
};

/// None where the rates are equal.
template <class T>
std::unique_ptr<AnyPipeline<T>> MakePipeline(const ResamplerPlan& plan, ResamplerUse use) {
  if (plan.IsCopy()) return nullptr;
  return std::visit(
      [use](const auto& stages) -> std::unique_ptr<AnyPipeline<T>> {
        using C = typename std::decay_t<decltype(stages)>::value_type::element_type::Sample;
        return std::make_unique<TypedPipeline<T, C>>(stages, use);
      },
      plan.stages);
}

}  // namespace ossicle::internal
