#include "ossicle/audio.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "arrays.h"
#include "bindings.h"
#include "frontend_object.h"
#include "ossicle/engine.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "requests.h"
#include "samples.h"
#include "text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {

InputRequest RequestOf(nb::handle path, nb::handle raw, nb::handle channel) {
  InputRequest request{.path = PathOf(path, Code::kInput),
                       .channel = OptionalWholeOf(channel, "channel", "from 0 on")};
  const auto format = OptionalTextOf(raw, "raw", "a format such as \"s16le:16000:1\"");
  if (format) request.raw = RawFormat::Parse(*format);
  return request;
}

void StopAtSignals() {
  using Clock = std::chrono::steady_clock;
  thread_local Clock::time_point last_look;
  const Clock::time_point now = Clock::now();
  if (now - last_look < std::chrono::milliseconds(50)) return;
  last_look = now;
  const nb::gil_scoped_acquire acquire;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

namespace {

template <class T>
nb::object ExtractAs(const InputRequest& request, FrontendObject& self) {
  const std::shared_ptr<Workers> workers = self.pool().Get();
  const Layout layout = self.frontend().spec().layout;
  std::optional<Extraction<T>> done;
  {
    const nb::gil_scoped_release release;
    done = Extract<T>(request, self.frontend(), workers.get(),
                      [](double, double) { StopAtSignals(); });
  }
  const Features<T>& features = done->features;
  const auto frames = static_cast<std::size_t>(features.frames());
  const auto bands = static_cast<std::size_t>(features.bands());
  const bool bands_first = layout == Layout::kBandsFirst;
  auto [array, data] = EmptyArray<T>({bands_first ? bands : frames, bands_first ? frames : bands});
  features.Copy(0, features.frames(), layout, {data, frames * bands});
  return array;
}

nb::object ExtractFile(nb::handle path, FrontendObject& frontend, nb::handle raw,
                       nb::handle channel) {
  const InputRequest request = RequestOf(path, raw, channel);
  return frontend.is_double() ? ExtractAs<double>(request, frontend)
                              : ExtractAs<float>(request, frontend);
}

nb::tuple ReadAudio(nb::handle path, nb::handle raw, nb::handle channel, nb::handle downmix) {
  const InputRequest request = RequestOf(path, raw, channel);
  const Downmix mix = ParseDownmix(TextOf(downmix, "downmix", kDownmixes));
  Signal signal;
  {
    const nb::gil_scoped_release release;
    signal = ReadSignal(request, mix, [](double, double) { StopAtSignals(); });
  }
  const std::size_t size = signal.samples.size();
  return nb::make_tuple(ToArray(std::move(signal.samples), {size}), signal.info.sample_rate_hz);
}

nb::object ResampleSamples(nb::handle object, nb::handle from, nb::handle to,
                           nb::handle resampler) {
  const Samples samples(object);
  const int from_hz = WholeOf<int>(from, "from_hz", kRates);
  const int to_hz = WholeOf<int>(to, "to_hz", kRates);
  const std::string name = TextOf(resampler, "resampler", kName);
  std::vector<float> copy;
  std::vector<float> result;
  {
    const nb::gil_scoped_release release;
    result = Resample<float>(name, samples.Signal(0, copy), from_hz, to_hz,
                             [](double, double) { StopAtSignals(); });
  }
  const std::size_t size = result.size();
  return ToArray(std::move(result), {size});
}

}  // namespace

void BindAudio(nb::module_& module) {
  module.def("extract", &ExtractFile, "path"_a.none(), "frontend"_a, "raw"_a.none(),
             "channel"_a.none());
  module.def("read_audio", &ReadAudio, "path"_a.none(), "raw"_a.none(), "channel"_a.none(),
             "downmix"_a.none());
  module.def("resample", &ResampleSamples, nb::arg("samples").none(), "from_hz"_a.none(),
             "to_hz"_a.none(), "resampler"_a.none());
}

}  // namespace ossicle::python
