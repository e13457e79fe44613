#include "ossicle/compare.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "arguments.h"
#include "bindings.h"
#include "ossicle/error.h"
#include "requests.h"
#include "samples.h"
#include "spec_object.h"
#include "text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

UnknownFeatures FeaturesOfArray(nb::handle object) {
  nb::ndarray<const double, nb::c_contig, nb::device::cpu> array;
  if (!nb::try_cast(object, array, true)) {
    PyErr_Clear();
    throw nb::type_error(("features are a " + TypeName(object) +
                          "; give a matrix of numbers, frames x bands or bands x frames")
                             .c_str());
  }
  if (array.ndim() != 2) {
    std::vector<std::size_t> shape;
    for (std::size_t i = 0; i < array.ndim(); ++i) shape.push_back(array.shape(i));
    throw Error(Code::kShape, "features have the shape " + ShapeText(shape) +
                                  "; give a matrix, frames x bands or bands x frames");
  }
  return {.values = {array.data(), array.data() + array.size()},
          .rows = static_cast<std::int64_t>(array.shape(0)),
          .columns = static_cast<std::int64_t>(array.shape(1))};
}

Identification Identify(nb::handle features, nb::handle audio, nb::handle sample_rate_hz,
                        nb::handle presets, nb::handle most_evaluations) {
  const UnknownFeatures unknown = FeaturesOfArray(features);
  const Samples samples(audio);
  const int rate_hz = WholeOf<int>(sample_rate_hz, "sample_rate_hz", kRates);
  IdentifyOptions options{.presets = ValueOf<std::vector<std::string>>(
                              presets, "presets", "a list of names, such as [\"whisper-80\"]"),
                          .most_evaluations = WholeOf<std::int64_t>(
                              most_evaluations, "most_evaluations", "100..1000000"),
                          .progress = {}};
  options.progress = [](double) { StopAtSignals(); };
  std::vector<float> copy;
  const std::span<const float> signal = samples.Signal(0, copy);
  const nb::gil_scoped_release release;
  return IdentifyFrontend(unknown, signal, rate_hz, options);
}

constexpr const char* kRelativeError =
    "Root mean square of the difference, by the standard deviation of the given features; from 0.";

void BindParts(nb::module_& module) {
  nb::class_<Deviation>(module, "Deviation", "One choice in which a spec differs from another.")
      .def_ro("field", &Deviation::field, "Of FrontendSpec, or of a step in it.")
      .def_ro("found", &Deviation::found, "Its value as JSON; \"\" for a step that is not there.")
      .def_ro("wanted", &Deviation::wanted, "The value of the spec that it is compared with.")
      .def_ro("text", &Deviation::text, "In words.")
      .def("__repr__",
           [](const Deviation& self) { return nb::str("Deviation({!r})").format(self.text); });
  nb::class_<PresetMatch>(module, "PresetMatch", "A preset beside the given features.")
      .def_ro("preset", &PresetMatch::preset, "Its name.")
      .def_ro(
          "comparable", &PresetMatch::comparable,
          "Whether it has as many bands, and a frame in common; if not, the errors are infinite.")
      .def_ro("error", &PresetMatch::error,
              "Of its features from the given ones, in their unit, over the frames that both have.")
      .def_ro("relative_error", &PresetMatch::relative_error, kRelativeError)
      .def_ro("frames_expected", &PresetMatch::frames_expected, "That it makes of this audio.");
  nb::class_<ResamplerMatch>(module, "ResamplerMatch", "The spec found, with another resampler.")
      .def_ro("resampler", &ResamplerMatch::resampler, "Its name.")
      .def_ro("error", &ResamplerMatch::error, "As PresetMatch's.")
      .def_ro("relative_error", &ResamplerMatch::relative_error, kRelativeError)
      .def_ro("fits_as_well", &ResamplerMatch::fits_as_well,
              "As the nearest one: on this audio nothing tells them apart.");
}

}  // namespace

void BindCompare(nb::module_& module) {
  BindParts(module);
  nb::class_<Identification>(module, "Identification", "Which front end made features.")
      .def_prop_ro(
          "best", [](const Identification& self) { return SpecObject(self.best); },
          "The FrontendSpec that fits best.")
      .def_ro("nearest_preset", &Identification::nearest_preset,
              "The name of the preset with the fewest deviations.")
      .def_ro("deviations", &Identification::deviations,
              "Of `best` from nearest_preset; empty: it is that preset.")
      .def_ro("error", &Identification::error,
              "Of best's features from the given ones, in their unit.")
      .def_ro("relative_error", &Identification::relative_error, kRelativeError)
      .def_ro("explained", &Identification::explained, "Part of the variance explained, 0..1.")
      .def_prop_ro(
          "certainty", [](const Identification& self) { return ToString(self.certainty); },
          "\"exact\": what is left is rounding; \"likely\": something small is left; \"none\": no "
          "spec fits.")
      .def_ro("signal_mean_removed", &Identification::signal_mean_removed,
              "Whether the mean of the whole signal was subtracted first, which no spec can say.")
      .def_ro(
          "dither_suspected", &Identification::dither_suspected,
          "Whether what is left looks like noise added to the samples; best.dither estimates it.")
      .def_ro("frames", &Identification::frames, "Of the given features.")
      .def_ro("evaluations", &Identification::evaluations, "How many specs were tried.")
      .def_ro("ranking", &Identification::ranking,
              "A PresetMatch for each preset, the nearest first.")
      .def_ro("resamplers", &Identification::resamplers,
              "`best` with each resampler, the nearest first; empty where none shows.")
      .def("__repr__", [](const Identification& self) {
        return nb::str("Identification(nearest_preset={!r}, certainty={!r}, deviations={!r})")
            .format(self.nearest_preset, ToString(self.certainty), self.deviations);
      });
  module.def("compare", &Identify, nb::arg("features").none(), nb::arg("audio").none(),
             "sample_rate_hz"_a.none(), "presets"_a.none(), "most_evaluations"_a.none());
  module.def(
      "deviations",
      [](nb::handle found, nb::handle wanted) { return Deviations(SpecOf(found), SpecOf(wanted)); },
      "found"_a.none(), "wanted"_a.none());
}

}  // namespace ossicle::python
