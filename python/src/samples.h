#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "overlap.h"

namespace ossicle::python {

/// Mono signals of equal length in the memory of whatever array a caller gives, which is kept
/// alive: one signal, or one for each place of the axes other than the one that counts samples.
class Samples {
 public:
  /// `object`: anything with the buffer protocol or DLPack, in the CPU's memory, of float32,
  /// float64 or int16 (whose full scale is 32768), with any strides. `axis`: the one that counts
  /// samples; may be left out of an array with one dimension. Throws Error(kShape) for another
  /// number of dimensions or an axis that is not there, and nanobind::type_error for what is no
  /// such array.
  Samples(nanobind::handle object, std::optional<int> axis);

  /// One signal: an array with one dimension. Throws the same.
  explicit Samples(nanobind::handle object);

  /// The shape without the samples' axis.
  const std::vector<std::size_t>& outer_shape() const noexcept { return outer_shape_; }
  std::int64_t signals() const noexcept { return signals_; }
  std::int64_t samples() const noexcept { return samples_; }
  /// Where the caller's array lies.
  ByteRange bytes() const noexcept;

  /// One signal: the caller's own memory where it is contiguous, aligned float32, otherwise `copy`,
  /// filled.
  std::span<const float> Signal(std::int64_t index, std::vector<float>& copy) const;

 private:
  void Take(nanobind::handle object);
  void CountAlong(std::size_t axis);
  std::int64_t OffsetOf(std::int64_t index) const;

  nanobind::ndarray<nanobind::ro> array_;
  std::vector<std::size_t> outer_shape_;
  std::vector<std::int64_t> outer_strides_;
  std::int64_t signals_ = 1;
  std::int64_t samples_ = 0;
  std::int64_t stride_ = 1;
};

/// The rate of samples: the one that the caller gives, or for None `default_hz`. Throws
/// Error(kInvalidSpec) for one outside 1..kMaxSampleRateHz, nanobind::type_error for no whole
/// number.
int RateOf(nanobind::handle sample_rate_hz, int default_hz);

}  // namespace ossicle::python
