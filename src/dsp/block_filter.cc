#include "dsp/block_filter.h"

#include <complex>

#include "dsp/turn.h"

namespace ossicle::dsp {

namespace {

using ComplexDouble = std::complex<double>;

ComplexDouble Product(ComplexDouble a, ComplexDouble b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// e^(-2 pi i k / size) for all k.
class Roots {
 public:
  explicit Roots(int size) {
    roots_.reserve(static_cast<std::size_t>(size));
    for (int k = 0; k < size; ++k) roots_.emplace_back(CosTurn(k, size), -SinTurn(k, size));
  }
  ComplexDouble operator()(std::int64_t k) const {
    const auto size = static_cast<std::int64_t>(roots_.size());
    return roots_[static_cast<std::size_t>((k % size + size) % size)];
  }

 private:
  std::vector<ComplexDouble> roots_;
};

/// The real spectrum of a symmetric filter whose middle is at time 0.
std::vector<double> Response(const std::vector<double>& taps, int size) {
  const Roots roots(size);
  const std::size_t middle = taps.size() / 2;
  std::vector<double> response(static_cast<std::size_t>(size));
  for (int k = 0; 2 * k <= size; ++k) {
    double sum = 0.0;
    for (std::size_t i = middle; i > 0; --i) {
      sum += taps[middle + i] * roots(static_cast<std::int64_t>(i) * k).real();
    }
    response[static_cast<std::size_t>(k)] = taps[middle] + 2.0 * sum;
    if (k > 0) response[static_cast<std::size_t>(size - k)] = taps[middle] + 2.0 * sum;
  }
  return response;
}

/// The sub-block of frequency k: its radix-4 digits in reverse order, a last radix-2 digit first.
int PlaceOf(int k, int bins) {
  int place = 0;
  for (int size = bins; size > 1;) {
    const int radix = size == 2 || size == 8 ? 2 : 4;
    size /= radix;
    place += k % radix * size;
    k /= radix;
  }
  return place;
}

/// How much of image `j` of `down` at the output's frequency k of `size` counts.
double Share(Decimation decimation, int j, int down, int k, int size) {
  if (decimation == Decimation::kFold || down == 1) return 1.0;
  const bool low = j == 0, high = j == down - 1;
  if (2 * k == size) return low || high ? 0.5 : 0.0;
  return (2 * k < size ? low : high) ? 1.0 : 0.0;
}

/// Two real halves of a block, its even and its odd samples, are transformed as one complex
/// signal; so are those of its outputs. Between the transforms, everything that happens to the
/// spectrum (the halves' separation, zeros stuffed in, the filter, samples dropped, the new halves)
/// is one linear map for each pair of opposite frequencies.
class WeightMaker {
 public:
  WeightMaker(const BlockShape& shape, const std::vector<double>& taps)
      : shape_(shape),
        input_roots_(shape.BlockSamples()),
        output_roots_(2 * shape.up * shape.bins),
        up_roots_(shape.up),
        down_roots_(shape.down),
        response_(Response(taps, shape.up * shape.BlockSamples())) {}

  /// Adds those of frequency k to weights[output][input][0: own, 1: opposite].
  void Make(int k, std::vector<ComplexDouble>& weights) const {
    const int up = shape_.up;
    for (int i = 0; i < up; ++i) {
      for (int half = 0; half < 2; ++half) {
        for (int j = 0; j < shape_.down; ++j) AddImage(k, i, half, j, weights);
      }
    }
  }

 private:
  void AddImage(int k, int i, int half, int j, std::vector<ComplexDouble>& weights) const {
    const int up = shape_.up, down = shape_.down, bins = shape_.bins;
    const int output = k + (i + half * up) * bins;  // of 2 * up * bins
    const int turn = i + up * (half + 2 * j);
    const int frequency = k + turn * bins;  // of the stuffed input
    const double share = Share(shape_.decimation, j, down, output, 2 * up * bins);
    if (share == 0.0) return;
    const double gain =
        response_[static_cast<std::size_t>(frequency)] * share / (up * shape_.BlockSamples());
    // Even outputs, and odd ones as the imaginary part.
    const ComplexDouble odd = std::conj(output_roots_(k + i * bins));
    const ComplexDouble pack = half == 0 ? ComplexDouble(1.0 - odd.imag(), odd.real())
                                         : ComplexDouble(1.0 + odd.imag(), -odd.real());
    const ComplexDouble root = input_roots_(frequency);
    const ComplexDouble own(0.5 * (1.0 + root.imag()), -0.5 * root.real());
    const ComplexDouble other(0.5 * (1.0 - root.imag()), 0.5 * root.real());
    const int s = turn % down;
    const int opposite = k == 0 ? (down - s) % down : (2 * down - 1 - s) % down;
    for (int to = 0; to < up; ++to) {
      const ComplexDouble spread = gain * Product(pack, std::conj(up_roots_(std::int64_t{i} * to)));
      for (int q = 0; q < down; ++q) {
        ComplexDouble* const weight = &weights[static_cast<std::size_t>(2 * (to * down + q))];
        weight[0] += Product(spread, Product(own, down_roots_(std::int64_t{q} * s)));
        weight[1] +=
            Product(spread, Product(other, std::conj(down_roots_(std::int64_t{q} * opposite))));
      }
    }
  }

  BlockShape shape_;
  Roots input_roots_;
  Roots output_roots_;
  Roots up_roots_;
  Roots down_roots_;
  std::vector<double> response_;
};

template <class T>
std::vector<T> StageRoots(int size, int least) {
  const Roots roots(size);
  std::vector<T> out;
  for (int n = size; n > least;) {
    const int bins = n / least;
    const int radix = bins == 2 || bins == 8 ? 2 : 4;
    for (int j = 0; j < n / radix; ++j) {
      for (int k = 1; k < radix; ++k) {
        const ComplexDouble root = roots(std::int64_t{k} * j * (size / n));
        out.push_back(static_cast<T>(root.real()));
        out.push_back(static_cast<T>(root.imag()));
      }
    }
    n /= radix;
  }
  return out;
}

}  // namespace

BlockShape BlockShape::For(int up, int down, int taps) {
  BlockShape shape;
  shape.up = up;
  shape.down = down;
  while (2 * up * shape.BlockSamples() < 5 * taps) shape.bins *= 2;
  const int half = taps / 2;
  const auto whole = [down](int samples) { return samples / down * down; };
  shape.lead_samples = whole((half + up - 1) / up + down - 1);
  shape.step_samples = whole((up * (shape.BlockSamples() - shape.lead_samples) - half) / up);
  return shape;
}

template <class T>
BlockFilter<T>::BlockFilter(const BlockShape& block_shape, const std::vector<double>& taps)
    : shape(block_shape),
      forward_roots(StageRoots<T>(shape.down * shape.bins, shape.down)),
      inverse_roots(StageRoots<T>(shape.up * shape.bins, shape.up)) {
  const WeightMaker maker(shape, taps);
  weights.resize(WeightStride() * static_cast<std::size_t>(shape.bins));
  for (int k = 0; k < shape.bins; ++k) {
    const int place = PlaceOf(k, shape.bins);
    const int opposite = (shape.bins - k) % shape.bins;
    if (k <= opposite) pairs.push_back({place, PlaceOf(opposite, shape.bins)});
    std::vector<ComplexDouble> made(WeightStride() / 2);
    maker.Make(k, made);
    T* to = weights.data() + WeightStride() * static_cast<std::size_t>(place);
    for (const ComplexDouble weight : made) {
      *to++ = static_cast<T>(weight.real());
      *to++ = static_cast<T>(weight.imag());
    }
  }
}

template struct BlockFilter<float>;
template struct BlockFilter<double>;

}  // namespace ossicle::dsp
