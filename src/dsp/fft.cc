#include "dsp/fft.h"

#include <span>

#include "dsp/exact_math.h"

namespace ossicle::dsp {

namespace {

/// Radices in the order of the passes; their product is `n`.
std::vector<int> Radices(int n) {
  std::vector<int> radices;
  for (const int radix : {5, 3, 4, 2}) {
    for (; n % radix == 0; n /= radix) radices.push_back(radix);
  }
  return radices;
}

/// Decimation in time: the transform of elements offset, offset + stride, ... ends with a butterfly
/// of the last radix over sub-transforms that stand one behind the other.
void Order(std::span<const int> radices, int offset, int stride, std::vector<std::int32_t>& order) {
  if (radices.empty()) {
    order.push_back(offset);
    return;
  }
  const int radix = radices.back();
  for (int q = 0; q < radix; ++q) {
    Order(radices.first(radices.size() - 1), offset + q * stride, stride * radix, order);
  }
}

template <class T>
void AppendRoot(long long k, long long n, std::vector<T>& values) {
  values.push_back(static_cast<T>(CosTurn(k, n)));
  values.push_back(static_cast<T>(-SinTurn(k, n)));
}

}  // namespace

template <class T>
FftPlan<T>::FftPlan(int n) : size(n), complex_size(n % 2 == 0 ? n / 2 : n), paired(n % 2 == 0) {
  const std::vector<int> radices = Radices(complex_size);
  Order(radices, 0, 1, input_order);
  int span = 1;
  for (const int radix : radices) {
    stages.push_back({radix, span, twiddles.size()});
    for (int j = 0; j < span; ++j) {
      for (int q = 1; q < radix; ++q) {
        AppendRoot<T>(static_cast<long long>(j) * q, static_cast<long long>(radix) * span,
                      twiddles);
      }
    }
    span *= radix;
  }
  if (!paired) return;
  for (int k = 0; k <= complex_size / 2; ++k) AppendRoot<T>(k, size, separation);
}

template struct FftPlan<float>;
template struct FftPlan<double>;

}  // namespace ossicle::dsp
