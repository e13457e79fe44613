#include "samples.h"

#include <cstddef>
#include <cstring>
#include <string>

#include "arguments.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "text.h"

namespace nb = nanobind;

namespace ossicle::python {
namespace {

[[noreturn]] void ThrowNoSamples(nb::handle object) {
  throw nb::type_error(("samples are a " + TypeName(object) +
                        "; give an array of float32 or float64 (full scale 1.0) or int16 in the "
                        "CPU's memory, such as numpy.ascontiguousarray(samples, \"float32\")")
                           .c_str());
}

std::string ShapeText(const nb::ndarray<nb::ro>& array) {
  std::vector<std::size_t> shape;
  for (std::size_t i = 0; i < array.ndim(); ++i) shape.push_back(array.shape(i));
  return python::ShapeText(shape);
}

std::size_t AxisOf(const nb::ndarray<nb::ro>& array, std::optional<int> axis) {
  const int dimensions = static_cast<int>(array.ndim());
  if (dimensions == 0) {
    throw Error(Code::kShape, "samples are a single number; give an array of them");
  }
  if (!axis && dimensions == 1) return 0;
  if (!axis) {
    throw Error(Code::kShape, "samples have the shape " + ShapeText(array) +
                                  "; name the axis that counts samples, such as axis=-1 where "
                                  "channels come first, or mix them down: samples.mean(axis=0)");
  }
  if (*axis < -dimensions || *axis >= dimensions) {
    throw Error(Code::kShape, "axis is " + std::to_string(*axis) + "; samples of the shape " +
                                  ShapeText(array) + " have the axes " +
                                  std::to_string(-dimensions) + ".." +
                                  std::to_string(dimensions - 1));
  }
  return static_cast<std::size_t>(*axis < 0 ? *axis + dimensions : *axis);
}

[[noreturn]] void ThrowSeveralSignals(const nb::ndarray<nb::ro>& array) {
  std::string cure = "an array with one dimension";
  if (array.ndim() == 2) {
    cure = array.shape(0) < array.shape(1)
               ? "one channel, such as samples[0], or their mean: samples.mean(axis=0)"
               : "one channel, such as samples[:, 0], or their mean: samples.mean(axis=1)";
  }
  throw Error(Code::kShape, "samples have the shape " + ShapeText(array) + "; give " + cure);
}

[[noreturn]] void ThrowOtherDevice(nb::handle object, const nb::ndarray<nb::ro>& array) {
  throw nb::type_error(
      ("samples are a " + TypeName(object) + " in the memory of the DLPack device (" +
       std::to_string(array.device_type()) + ", " + std::to_string(array.device_id()) +
       "); copy them into the CPU's, such as by samples.cpu()")
          .c_str());
}

bool IsAligned(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) % alignof(float) == 0;
}

/// `first` and `stride` in samples. Reads samples that are not aligned too.
template <class T>
void CopyStrided(const void* from, std::int64_t first, std::int64_t stride, float scale,
                 std::span<float> to) {
  const auto* bytes = static_cast<const std::byte*>(from);
  for (std::size_t i = 0; i < to.size(); ++i) {
    T sample;
    const std::int64_t at = first + static_cast<std::int64_t>(i) * stride;
    std::memcpy(&sample, bytes + at * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    to[i] = static_cast<float>(sample) * scale;
  }
}

}  // namespace

int RateOf(nb::handle sample_rate_hz, int default_hz) {
  if (sample_rate_hz.is_none()) return default_hz;
  const int rate_hz = WholeOf<int>(sample_rate_hz, "sample_rate_hz", kRates);
  if (rate_hz >= 1 && rate_hz <= kMaxSampleRateHz) return rate_hz;
  throw Error(Code::kInvalidSpec,
              "sample_rate_hz is " + std::to_string(rate_hz) + "; give " + kRates);
}

Samples::Samples(nb::handle object, std::optional<int> axis) {
  Take(object);
  CountAlong(AxisOf(array_, axis));
}

Samples::Samples(nb::handle object) {
  Take(object);
  if (array_.ndim() > 1) ThrowSeveralSignals(array_);
  CountAlong(AxisOf(array_, std::nullopt));
}

void Samples::Take(nb::handle object) {
  if (!nb::try_cast(object, array_, false)) {
    PyErr_Clear();
    ThrowNoSamples(object);
  }
  if (array_.device_type() != nb::device::cpu::value) ThrowOtherDevice(object, array_);
  const auto type = array_.dtype();
  if (type != nb::dtype<float>() && type != nb::dtype<double>() &&
      type != nb::dtype<std::int16_t>()) {
    ThrowNoSamples(object);
  }
}

void Samples::CountAlong(std::size_t axis) {
  samples_ = static_cast<std::int64_t>(array_.shape(axis));
  stride_ = array_.stride(axis);
  for (std::size_t i = 0; i < array_.ndim(); ++i) {
    if (i == axis) continue;
    outer_shape_.push_back(array_.shape(i));
    outer_strides_.push_back(array_.stride(i));
    signals_ *= static_cast<std::int64_t>(array_.shape(i));
  }
}

ByteRange Samples::bytes() const noexcept {
  const auto size = static_cast<std::int64_t>(array_.itemsize());
  const auto address = reinterpret_cast<std::uintptr_t>(array_.data());
  ByteRange range{address, address + array_.itemsize()};
  for (std::size_t i = 0; i < array_.ndim(); ++i) {
    range.Extend(array_.shape(i), array_.stride(i) * size);
  }
  return range;
}

std::int64_t Samples::OffsetOf(std::int64_t index) const {
  std::int64_t offset = 0;
  for (std::size_t i = outer_shape_.size(); i-- > 0;) {
    const auto size = static_cast<std::int64_t>(outer_shape_[i]);
    offset += index % size * outer_strides_[i];
    index /= size;
  }
  return offset;
}

std::span<const float> Samples::Signal(std::int64_t index, std::vector<float>& copy) const {
  const std::int64_t offset = OffsetOf(index);
  const auto size = static_cast<std::size_t>(samples_);
  const auto type = array_.dtype();
  if (type == nb::dtype<float>() && (stride_ == 1 || samples_ <= 1) && IsAligned(array_.data())) {
    return {static_cast<const float*>(array_.data()) + offset, size};
  }
  copy.resize(size);
  if (type == nb::dtype<float>()) {
    CopyStrided<float>(array_.data(), offset, stride_, 1.0F, copy);
  } else if (type == nb::dtype<double>()) {
    CopyStrided<double>(array_.data(), offset, stride_, 1.0F, copy);
  } else {
    CopyStrided<std::int16_t>(array_.data(), offset, stride_, 1.0F / 32768, copy);
  }
  return copy;
}

}  // namespace ossicle::python
