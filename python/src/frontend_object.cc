#include "frontend_object.h"

#include <utility>

#include "arguments.h"
#include "arrays.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "overlap.h"
#include "text.h"

namespace nb = nanobind;

namespace ossicle::python {
namespace {

/// Where one signal's features go: `index` counts the places of the outer axes in C order.
template <class T>
struct Destination {
  T* data = nullptr;
  std::vector<std::size_t> shape;
  std::vector<std::int64_t> strides;

  FeatureView<T> View(std::int64_t index, bool bands_first) const {
    const std::size_t outer = shape.size() - 2;
    T* at = data;
    for (std::size_t i = outer; i-- > 0;) {
      const auto size = static_cast<std::int64_t>(shape[i]);
      at += index % size * strides[i];
      index /= size;
    }
    const std::size_t frame_axis = outer + (bands_first ? 1 : 0);
    const std::size_t band_axis = outer + (bands_first ? 0 : 1);
    return {at, static_cast<std::int64_t>(shape[frame_axis]), static_cast<int>(shape[band_axis]),
            strides[frame_axis], strides[band_axis]};
  }
};

std::vector<std::int64_t> DenseStrides(const std::vector<std::size_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size() - 1; i-- > 0;) {
    strides[i] = strides[i + 1] * static_cast<std::int64_t>(shape[i + 1]);
  }
  return strides;
}

/// Features that were written would be read as samples, or be written over by others.
template <class T>
void CheckOwnMemory(const Destination<T>& out, const ByteRange& samples) {
  ByteRange range{reinterpret_cast<std::uintptr_t>(out.data),
                  reinterpret_cast<std::uintptr_t>(out.data) + sizeof(T)};
  for (std::size_t i = 0; i < out.shape.size(); ++i) {
    range.Extend(out.shape[i], out.strides[i] * static_cast<std::int64_t>(sizeof(T)));
  }
  if (range.Meets(samples)) {
    throw Error(Code::kShape, "out shares memory with the samples; give an array of its own");
  }
  if (OverlapsItself(out.shape, out.strides)) {
    throw Error(Code::kShape, "out of the shape " + ShapeText(out.shape) +
                                  " has several places at the same address; give an array of its "
                                  "own, such as out.copy()");
  }
}

template <class T>
Destination<T> GivenDestination(nb::handle out, const std::vector<std::size_t>& shape,
                                const ByteRange& samples) {
  nb::ndarray<T, nb::device::cpu> array;
  const bool given = nb::try_cast(out, array, false);
  if (!given || reinterpret_cast<std::uintptr_t>(array.data()) % alignof(T) != 0) {
    PyErr_Clear();
    const char* type = sizeof(T) == 4 ? "float32" : "float64";
    throw nb::type_error(
        ("out is a " + TypeName(out) + "; give a writable, aligned array of " + type).c_str());
  }
  std::vector<std::size_t> found;
  Destination<T> destination{array.data(), shape, {}};
  for (std::size_t i = 0; i < array.ndim(); ++i) {
    found.push_back(array.shape(i));
    destination.strides.push_back(array.stride(i));
  }
  if (found != shape) {
    throw Error(Code::kShape, "out has the shape " + ShapeText(found) + "; these samples give " +
                                  ShapeText(shape));
  }
  CheckOwnMemory(destination, samples);
  return destination;
}

/// A list holds arrays; in a list of numbers, or of such lists, each of them would be a clip.
void RefuseNumbers(nb::handle clip) {
  if (nb::isinstance<nb::float_>(clip) || nb::isinstance<nb::int_>(clip) ||
      nb::isinstance<nb::list>(clip) || nb::isinstance<nb::tuple>(clip)) {
    throw nb::type_error(("samples are a list that holds a " + TypeName(clip) +
                          "; a list holds clips, each an array: give "
                          "numpy.asarray(samples, \"float32\")")
                             .c_str());
  }
}

}  // namespace

bool IsDouble(const std::string& precision) {
  if (precision != "float" && precision != "double") {
    throw Error(Code::kInvalidSpec,
                "precision is \"" + precision + "\"; give \"float\" or \"double\"");
  }
  return precision == "double";
}

template <class T>
void FrontendObject::Run(std::span<const float> audio, FeatureView<T> out) {
  // Taken and given back with the GIL held, so that no fork() finds their locks taken.
  const std::shared_ptr<Workers> workers = pool_.Get();
  ScratchPool::Loan loan(scratch_);
  const nb::gil_scoped_release release;
  frontend_.Run(audio, out, loan.scratch(), workers.get());
}

template <class T>
nb::object FrontendObject::Compute(const Samples& samples, int rate_hz, nb::handle out) {
  const FrontendSpec& spec = frontend_.spec();
  const bool bands_first = spec.layout == Layout::kBandsFirst;
  std::optional<Resampler<float>> resampler;
  std::int64_t length = samples.samples();
  if (rate_hz != spec.sample_rate_hz) {
    resampler.emplace(spec.resampler, rate_hz, spec.sample_rate_hz);
    length = resampler->OutputSamples(length);
  }

  const auto frames = static_cast<std::size_t>(frontend_.Frames(length));
  const auto bands = static_cast<std::size_t>(frontend_.bands());
  std::vector<std::size_t> shape = samples.outer_shape();
  shape.push_back(bands_first ? bands : frames);
  shape.push_back(bands_first ? frames : bands);

  nb::object result;
  Destination<T> destination;
  if (out.is_none()) {
    auto [array, data] = EmptyArray<T>(shape);
    result = std::move(array);
    destination = {data, shape, DenseStrides(shape)};
  } else {
    destination = GivenDestination<T>(out, shape, samples.bytes());
    result = nb::borrow(out);
  }

  std::vector<float> copy;
  std::vector<float> resampled;
  for (std::int64_t i = 0; i < samples.signals(); ++i) {
    std::span<const float> signal = samples.Signal(i, copy);
    if (resampler) {
      const nb::gil_scoped_release release;
      resampler->Reset();
      resampled.clear();
      resampler->Push(signal, resampled);
      resampler->Finish(resampled);
      signal = resampled;
    }
    Run<T>(signal, destination.View(i, bands_first));
  }
  return result;
}

nb::object FrontendObject::Call(nb::handle samples, nb::handle sample_rate_hz, nb::handle axis,
                                nb::handle out) {
  if (nb::isinstance<nb::list>(samples) || nb::isinstance<nb::tuple>(samples)) {
    if (nb::len(samples) == 0) {
      throw Error(Code::kShape, "the list of clips is empty; give at least one");
    }
    if (!out.is_none()) {
      throw Error(Code::kShape, "out cannot hold the features of a list of clips; leave it out");
    }
    nb::list results;
    for (const nb::handle clip : samples) {
      RefuseNumbers(clip);
      results.append(Call(clip, sample_rate_hz, axis, out));
    }
    return results;
  }
  const Samples given(samples, OptionalWholeOf(axis, "axis", "that of the samples, such as -1"));
  const int rate_hz = RateOf(sample_rate_hz, frontend_.spec().sample_rate_hz);
  return is_double_ ? Compute<double>(given, rate_hz, out) : Compute<float>(given, rate_hz, out);
}

}  // namespace ossicle::python
