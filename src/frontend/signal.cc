#include "frontend/signal.h"

#include <algorithm>
#include <cmath>

namespace ossicle::internal {

namespace {

/// Mixes the bits of a counter (SplitMix64, Steele et al. 2014).
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// Nearly normal noise, mean 0, variance 1: the sum of twelve uniform numbers of 16 bits each, so
/// that it is exact on every machine.
double Noise(std::uint64_t seed, std::int64_t index) {
  const std::uint64_t key = Mix(seed) + 3 * static_cast<std::uint64_t>(index);
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < 3; ++i) {
    for (std::uint64_t bits = Mix(key + i), part = 0; part < 4; ++part, bits >>= 16) {
      sum += static_cast<std::int64_t>(bits & 0xffff);
    }
  }
  return static_cast<double>(2 * sum - 12 * 65535) / (2 * 65536.0);
}

/// Where a mirrored signal of `length` samples finds `index`.
std::int64_t Mirrored(std::int64_t index, std::int64_t length, bool repeat_edge) {
  if (length == 1) return 0;
  const std::int64_t skip = repeat_edge ? 1 : 0;
  if (index < 0 && index > -length) return -index - skip;  // nearly always: no division
  if (index >= length && index < 2 * length - 1) return 2 * (length - 1) - index + skip;
  const std::int64_t period = repeat_edge ? 2 * length : 2 * (length - 1);
  const std::int64_t place = (index % period + period) % period;
  return place < length ? place : period - place - skip;
}

}  // namespace

bool MeasuresEnergy(const FrontendSpec& spec) {
  return std::any_of(spec.steps.begin(), spec.steps.end(), [](const Step& step) {
    const auto* cepstrum = std::get_if<Cepstrum>(&step);
    return cepstrum != nullptr && cepstrum->log_energy;
  });
}

template <class T>
SignalReader<T>::SignalReader(const FrontendSpec& spec, const SignalPiece& piece)
    : piece_(piece),
      padded_length_(piece.length + spec.append_zeros_samples),
      edge_(spec.edge),
      scale_(static_cast<T>(spec.input_scale)),
      round_(spec.input_rounding == InputRounding::kInt16),
      dither_(static_cast<T>(spec.dither)),
      seed_(spec.dither_seed),
      emphasize_(spec.preemphasis == PreEmphasis::kSignal),
      rest_(static_cast<T>(1.0 - spec.preemphasis_coefficient)),
      plain_(dither_ == 0 && !(emphasize_ && (spec.remove_dc || MeasuresEnergy(spec)))) {}

template <class T>
T SignalReader<T>::Scaled(std::int64_t index) const {
  if (index < piece_.first || index >= piece_.end()) return 0;
  T x = static_cast<T>(piece_.samples[static_cast<std::size_t>(index - piece_.first)]) * scale_;
  if (round_) x = std::nearbyint(std::clamp(x, T(-32768), T(32767)));
  if (dither_ != 0) x += dither_ * static_cast<T>(Noise(seed_, index));
  return x;
}

template <class T>
T SignalReader<T>::Emphasized(std::int64_t index) const {
  const T x = Scaled(index);
  if (!emphasize_) return x;
  const T previous = Scaled(index - 1);
  return (x - previous) + rest_ * previous;
}

template <class T>
T SignalReader<T>::AnySample(std::int64_t index) const {
  if (index >= 0 && index < padded_length_) return Emphasized(index);
  if (edge_ == Edge::kZeros) return 0;
  return Emphasized(Mirrored(index, padded_length_, edge_ == Edge::kReflectRepeat));
}

/// Every sample and the one before it are in the piece: loops that the compiler can vectorise.
template <class T>
void SignalReader<T>::ReadInside(std::int64_t index, std::int64_t count, T* out) const {
  if (round_ || dither_ != 0) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = Emphasized(index + i);
    return;
  }
  const float* from = piece_.samples.data() + (index - piece_.first);
  if (!emphasize_) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(from[i]) * scale_;
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const T x = static_cast<T>(from[i]) * scale_, previous = static_cast<T>(from[i - 1]) * scale_;
    out[i] = (x - previous) + rest_ * previous;
  }
}

template <class T>
void SignalReader<T>::Read(std::int64_t index, std::int64_t count, T* out) const {
  const std::int64_t end = index + count;
  const std::int64_t inside = std::clamp(piece_.first + 1, index, end);
  const std::int64_t inside_end = std::clamp(piece_.end(), inside, end);
  // Behind the piece all is 0, but for the first sample, which is pre-emphasised by the last one.
  const std::int64_t silent = std::clamp(piece_.end() + 1, inside_end, end);
  const std::int64_t silent_end = std::clamp(padded_length_, silent, end);
  for (std::int64_t i = index; i < inside; ++i) *out++ = AnySample(i);
  ReadInside(inside, inside_end - inside, out);
  out += inside_end - inside;
  for (std::int64_t i = inside_end; i < silent; ++i) *out++ = AnySample(i);
  out = std::fill_n(out, silent_end - silent, T(0));
  for (std::int64_t i = silent_end; i < end; ++i) *out++ = AnySample(i);
}

template <class T>
dsp::BlockInput<T> SignalReader<T>::PlainInput(std::int64_t index) const {
  dsp::BlockInput<T> input;
  input.signal = piece_.samples.data() + (index - piece_.first);
  input.signal_end = piece_.samples.data() + piece_.samples.size();
  input.scale = scale_;
  input.round = round_;
  input.emphasize = emphasize_;
  input.rest = rest_;
  return input;
}

template class SignalReader<float>;
template class SignalReader<double>;

}  // namespace ossicle::internal
