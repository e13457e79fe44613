#include "ossicle/engine.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "encoder_options.h"
#include "engine_object.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "requests.h"
#include "samples.h"
#include "spec_object.h"
#include "stream_options.h"
#include "text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

ModelChoices ChoicesOf(nb::handle frontend, const std::optional<std::string>& windows,
                       const std::optional<std::string>& tail,
                       const std::optional<std::string>& resampler,
                       const std::optional<std::string>& downmix, const nb::dict& options) {
  ModelChoices choices;
  if (!frontend.is_none()) choices.frontend = SpecOf(frontend);
  if (windows) choices.windows = WindowRule::Parse(*windows);
  if (tail) choices.tail = ParseTail(*tail);
  choices.resampler = resampler;
  if (downmix) choices.downmix = DownmixOf(*downmix);
  choices.encoder = EncoderOptionsOf(options);
  return choices;
}

/// From when to when each window lasts, in seconds: (windows, 2).
std::vector<double> Times(const Model& model, std::int64_t windows, std::int64_t frames) {
  const FrontendSpec& spec = model.frontend.spec();
  const double hop_s = static_cast<double>(spec.hop_samples) / spec.sample_rate_hz;
  std::vector<double> times;
  for (std::int64_t i = 0; i < windows; ++i) {
    const std::int64_t first = model.windows.Start(i, frames);
    const std::int64_t last = std::min(first + model.windows.length, frames);
    times.push_back(static_cast<double>(first) * hop_s);
    times.push_back(static_cast<double>(last) * hop_s);
  }
  return times;
}

nb::tuple ToTuple(const Model& model, Encoding encoding) {
  const auto windows = static_cast<std::size_t>(encoding.embeddings.windows);
  const auto size = static_cast<std::size_t>(encoding.embeddings.embedding_size);
  std::vector<double> times = Times(model, encoding.embeddings.windows, encoding.frames);
  return nb::make_tuple(ToArray(std::move(encoding.embeddings.values), {windows, size}),
                        ToArray(std::move(times), {windows, 2}));
}

}  // namespace

std::shared_ptr<Model> EngineObject::Get() {
  return model_.Get([this] { return std::make_shared<Model>(OpenModel(path_, choices_)); });
}

nb::tuple EngineObject::EncodeFile(nb::handle path, const std::optional<std::string>& raw,
                                   std::optional<int> channel) {
  const InputRequest request = RequestOf(path, raw, channel);
  const std::shared_ptr<Model> model = Get();
  const std::shared_ptr<Workers> workers = pool_.Get();
  Encoding encoding;
  {
    const nb::gil_scoped_release release;
    encoding = Encode(request, *model, workers.get(), StopAtSignals);
  }
  return ToTuple(*model, std::move(encoding));
}

nb::tuple EngineObject::EncodeSamples(nb::handle object, std::optional<int> sample_rate_hz) {
  const Samples samples(object);
  const std::shared_ptr<Model> model = Get();
  const std::shared_ptr<Workers> workers = pool_.Get();
  Encoding encoding;
  {
    const nb::gil_scoped_release release;
    const FrontendSpec& spec = model->frontend.spec();
    std::vector<float> copy;
    std::vector<float> resampled;
    std::span<const float> signal = samples.Signal(0, copy);
    const int rate_hz = RateOf(sample_rate_hz, spec.sample_rate_hz);
    if (rate_hz != spec.sample_rate_hz) {
      resampled = Resample<float>(spec.resampler, signal, rate_hz, spec.sample_rate_hz);
      signal = resampled;
    }
    encoding = Encode(signal, *model, workers.get());
  }
  return ToTuple(*model, std::move(encoding));
}

void BindEngine(nb::module_& module) {
  nb::class_<EngineObject>(module, "Engine",
                           "A model and all that turns sound into its embeddings.")
      .def(
          "__init__",
          [](EngineObject* self, nb::handle path, nb::handle frontend,
             const std::optional<std::string>& windows, const std::optional<std::string>& tail,
             const std::optional<std::string>& resampler, const std::optional<std::string>& downmix,
             const nb::dict& options) {
            new (self) EngineObject(
                PathOf(path), ChoicesOf(frontend, windows, tail, resampler, downmix, options));
          },
          "path"_a, "frontend"_a.none(), "windows"_a.none(), "tail"_a.none(), "resampler"_a.none(),
          "downmix"_a.none(), "options"_a)
      .def("encode_file", &EngineObject::EncodeFile, "path"_a, "raw"_a.none(), "channel"_a.none())
      .def("encode_samples", &EngineObject::EncodeSamples, nb::arg("samples").none(),
           "sample_rate_hz"_a.none())
      .def_prop_ro("path", [](const EngineObject& self) { return PathObject(self.path()); })
      .def_prop_ro("spec",
                   [](EngineObject& self) { return SpecObject(self.Get()->frontend.spec()); })
      .def_prop_ro("windows", [](EngineObject& self) { return self.Get()->windows.ToString(); })
      .def_prop_ro("tail", [](EngineObject& self) { return ToString(self.Get()->windows.tail); })
      .def_prop_ro("is_packed", [](EngineObject& self) { return self.Get()->is_packed; })
      .def_prop_ro("embedding_size",
                   [](EngineObject& self) { return self.Get()->encoder.embedding_size(); });
  BindEmbeddingStream(module);
  BindModelFiles(module);
}

}  // namespace ossicle::python
