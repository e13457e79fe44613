#include "io/sample_encoding.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/fp_environment.h"

namespace ossicle {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are written as they lie there");

template <class Value, class T>
void EncodeFloats(std::span<const T> samples, unsigned char* out) {
  for (const T sample : samples) {
    const Value value = static_cast<Value>(sample);
    std::memcpy(out, &value, sizeof value);
    out += sizeof value;
  }
}

template <int kBits, class T>
std::int64_t EncodeIntegers(std::span<const T> samples, unsigned char* out) {
  constexpr T kScale = static_cast<T>(1 << (kBits - 1));
  std::int64_t clipped = 0;
  for (const T sample : samples) {
    T value = std::nearbyint(sample * kScale);
    if (!(value >= -kScale && value < kScale)) {
      ++clipped;
      value = value < 0 ? -kScale : kScale - 1;
    }
    const std::int32_t integer = static_cast<std::int32_t>(value);
    std::memcpy(out, &integer, kBits / 8);
    out += kBits / 8;
  }
  return clipped;
}

}  // namespace

std::size_t EncodedBytes(SampleEncoding encoding) {
  switch (encoding) {
    case SampleEncoding::kPcm16:
      return 2;
    case SampleEncoding::kPcm24:
      return 3;
    case SampleEncoding::kFloat32:
      return 4;
    case SampleEncoding::kFloat64:
      break;
  }
  return 8;
}

template <class T>
std::int64_t EncodeSamples(std::span<const T> samples, SampleEncoding encoding,
                           std::vector<unsigned char>& bytes) {
  const internal::DefaultFpEnvironment environment;  // nearbyint follows the thread's rounding
  bytes.resize(samples.size() * EncodedBytes(encoding));
  switch (encoding) {
    case SampleEncoding::kPcm16:
      return EncodeIntegers<16>(samples, bytes.data());
    case SampleEncoding::kPcm24:
      return EncodeIntegers<24>(samples, bytes.data());
    case SampleEncoding::kFloat32:
      EncodeFloats<float>(samples, bytes.data());
      break;
    case SampleEncoding::kFloat64:
      EncodeFloats<double>(samples, bytes.data());
      break;
  }
  return 0;
}

template std::int64_t EncodeSamples(std::span<const float>, SampleEncoding,
                                    std::vector<unsigned char>&);
template std::int64_t EncodeSamples(std::span<const double>, SampleEncoding,
                                    std::vector<unsigned char>&);

}  // namespace ossicle
