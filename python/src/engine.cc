#include "ossicle/engine.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "arrays.h"
#include "bindings.h"
#include "encoder_options.h"
#include "engine_object.h"
#include "ossicle/error.h"
#include "requests.h"
#include "samples.h"
#include "spec_object.h"
#include "stream_options.h"
#include "text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

ModelChoices ChoicesOf(nb::handle frontend, nb::handle windows, nb::handle tail,
                       nb::handle resampler, nb::handle downmix, const nb::dict& options) {
  ModelChoices choices;
  if (!frontend.is_none()) choices.frontend = SpecOf(frontend);
  const auto rule = OptionalTextOf(windows, "windows", kWindowRules);
  if (rule) choices.windows = WindowRule::Parse(*rule);
  const auto end = OptionalTextOf(tail, "tail", kTails);
  if (end) choices.tail = ParseTail(*end);
  choices.resampler = OptionalTextOf(resampler, "resampler", kName);
  const auto mix = OptionalTextOf(downmix, "downmix", kDownmixes);
  if (mix) choices.downmix = ParseDownmix(*mix);
  choices.encoder = EncoderOptionsOf(options);
  return choices;
}

nb::tuple ToTuple(const Model& model, Encoding encoding) {
  const auto windows = static_cast<std::size_t>(encoding.embeddings.windows);
  const auto size = static_cast<std::size_t>(encoding.embeddings.embedding_size);
  std::vector<double> times;
  for (const WindowTime& time : WindowTimes(model, encoding)) {
    times.insert(times.end(), {time.start_s, time.end_s});
  }
  return nb::make_tuple(ToArray(std::move(encoding.embeddings.values), {windows, size}),
                        ToArray(std::move(times), {windows, 2}));
}

}  // namespace

std::shared_ptr<Model> EngineObject::Get() {
  return model_.Get([this] { return std::make_shared<Model>(OpenModel(path_, choices_)); });
}

nb::tuple EngineObject::EncodeFile(nb::handle path, nb::handle raw, nb::handle channel) {
  const InputRequest request = RequestOf(path, raw, channel);
  const std::shared_ptr<Model> model = Get();
  const std::shared_ptr<Workers> workers = pool_.Get();
  Encoding encoding;
  {
    const nb::gil_scoped_release release;
    encoding = Encode(request, *model, workers.get(), [](double, double) { StopAtSignals(); });
  }
  return ToTuple(*model, std::move(encoding));
}

nb::tuple EngineObject::EncodeSamples(nb::handle object, nb::handle sample_rate_hz) {
  const Samples samples(object);
  const std::shared_ptr<Model> model = Get();
  const std::shared_ptr<Workers> workers = pool_.Get();
  const int rate_hz = RateOf(sample_rate_hz, model->frontend.spec().sample_rate_hz);
  Encoding encoding;
  {
    const nb::gil_scoped_release release;
    std::vector<float> copy;
    encoding = Encode(samples.Signal(0, copy), *model, workers.get(), rate_hz,
                      [](double, double) { StopAtSignals(); });
  }
  return ToTuple(*model, std::move(encoding));
}

void BindEngine(nb::module_& module) {
  nb::class_<EngineObject>(module, "Engine",
                           "A model and all that turns sound into its embeddings.")
      .def(
          "__init__",
          [](EngineObject* self, nb::handle path, nb::handle frontend, nb::handle windows,
             nb::handle tail, nb::handle resampler, nb::handle downmix, const nb::dict& options) {
            new (self)
                EngineObject(PathOf(path, Code::kModel),
                             ChoicesOf(frontend, windows, tail, resampler, downmix, options));
          },
          "path"_a.none(), "frontend"_a.none(), "windows"_a.none(), "tail"_a.none(),
          "resampler"_a.none(), "downmix"_a.none(), "options"_a)
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
