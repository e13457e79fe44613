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
  explicit Roots(int size) : size_(size) {
    roots_.reserve(static_cast<std::size_t>(size));
    for (int k = 0; k < size; ++k) {
      // Only an eighth of the circle is computed: k = size / 2 - k' and the like below.
      roots_.push_back(8 * k <= size ? ComplexDouble(CosTurn(k, size), -SinTurn(k, size))
                                     : Mirrored(k));
    }
  }
  /// e^(-2 pi i k / size) for a divisor of the table's size.
  ComplexDouble operator()(std::int64_t k, int size) const {
    return roots_[static_cast<std::size_t>((k % size + size) % size * (size_ / size))];
  }
  const std::vector<ComplexDouble>& all() const { return roots_; }

 private:
  ComplexDouble Mirrored(int k) const {
    if (8 * k <= 2 * size_ && size_ % 4 == 0) {
      const ComplexDouble other = At(size_ / 4 - k);
      return {-other.imag(), -other.real()};
    }
    if (8 * k <= 4 * size_ && size_ % 2 == 0) {
      const ComplexDouble other = At(size_ / 2 - k);
      return {-other.real(), other.imag()};
    }
    return std::conj(At(size_ - k));
  }
  ComplexDouble At(int k) const { return roots_[static_cast<std::size_t>(k)]; }

  int size_;
  std::vector<ComplexDouble> roots_;
};

/// The real spectrum of a symmetric filter whose middle is at time 0.
std::vector<double> Response(const std::vector<double>& taps, const Roots& roots) {
  const std::size_t size = roots.all().size();
  const std::size_t middle = taps.size() / 2;
  std::vector<double> response(size);
  for (std::size_t k = 0; 2 * k <= size; ++k) {
    double sum = 0.0;
    std::size_t turn = middle * k % size;
    for (std::size_t i = middle; i > 0; --i) {
      sum += taps[middle + i] * roots.all()[turn].real();
      turn = turn >= k ? turn - k : turn + size - k;
    }
    response[k] = taps[middle] + 2.0 * sum;
    if (k > 0) response[size - k] = response[k];
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
  WeightMaker(const BlockShape& shape, const std::vector<double>& taps, const Roots& roots)
      : shape_(shape), roots_(roots), response_(Response(taps, roots)) {}

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
    const ComplexDouble odd = std::conj(roots_(k + i * bins, 2 * up * bins));
    const ComplexDouble pack = half == 0 ? ComplexDouble(1.0 - odd.imag(), odd.real())
                                         : ComplexDouble(1.0 + odd.imag(), -odd.real());
    const ComplexDouble root = roots_(frequency, shape_.BlockSamples());
    const ComplexDouble own(0.5 * (1.0 + root.imag()), -0.5 * root.real());
    const ComplexDouble other(0.5 * (1.0 - root.imag()), 0.5 * root.real());
    const int s = turn % down;
    const int opposite = k == 0 ? (down - s) % down : (2 * down - 1 - s) % down;
    for (int to = 0; to < up; ++to) {
      const ComplexDouble spread =
          gain * Product(pack, std::conj(roots_(std::int64_t{i} * to, up)));
      for (int q = 0; q < down; ++q) {
        ComplexDouble* const weight = &weights[static_cast<std::size_t>(2 * (to * down + q))];
        weight[0] += Product(spread, Product(own, roots_(std::int64_t{q} * s, down)));
        weight[1] +=
            Product(spread, Product(other, std::conj(roots_(std::int64_t{q} * opposite, down))));
      }
    }
  }

  BlockShape shape_;
  const Roots& roots_;
  std::vector<double> response_;
};

template <class T>
std::vector<T> StageRoots(const Roots& roots, int size, int least) {
  std::vector<T> out;
  for (int n = size; n > least;) {
    const int bins = n / least;
    const int radix = bins == 2 || bins == 8 ? 2 : 4;
    for (int j = 0; j < n / radix; ++j) {
      for (int k = 1; k < radix; ++k) {
        const ComplexDouble root = roots(std::int64_t{k} * j, n);
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
    : shape(block_shape) {
  const Roots roots(shape.up * shape.BlockSamples());
  forward_roots = StageRoots<T>(roots, shape.down * shape.bins, shape.down);
  inverse_roots = StageRoots<T>(roots, shape.up * shape.bins, shape.up);
  const WeightMaker maker(shape, taps, roots);
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
