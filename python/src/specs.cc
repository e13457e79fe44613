#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "arguments.h"
#include "bindings.h"
#include "ossicle/frontend.h"
#include "ossicle/resampler.h"
#include "ossicle/spec.h"
#include "spec_object.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {

FrontendSpec SpecOf(nb::handle object) {
  if (nb::isinstance<nb::str>(object)) return Preset(TextOf(object, "the front end", kName));
  const nb::object text = nb::module_::import_("ossicle._spec").attr("json_of")(object);
  return FrontendSpec::FromJson(nb::cast<std::string>(text));
}

nb::object SpecObject(const FrontendSpec& spec) {
  return nb::module_::import_("ossicle._spec")
      .attr("FrontendSpec")
      .attr("from_json")(spec.ToJson());
}

namespace {

void BindBounds(nb::module_& module) {
  nb::class_<ErrorBound>(module, "ErrorBound",
                         "How far features lie from a reference, in their unit.")
      .def_ro("mean", &ErrorBound::mean, "Mean of the absolute differences, from 0.")
      .def_ro("p999", &ErrorBound::p999, "99.9th percentile of the absolute differences.")
      .def_ro("max", &ErrorBound::max, "The largest absolute difference.")
      .def("__repr__", [](const ErrorBound& bound) {
        return nb::str("ErrorBound(mean={:.3g}, p999={:.3g}, max={:.3g})")
            .format(bound.mean, bound.p999, bound.max);
      });
}

void BindPresets(nb::module_& module) {
  nb::class_<PresetInfo>(module, "PresetInfo", "A preset: a spec with a name.")
      .def_ro("family", &PresetInfo::family, "What it belongs to, such as \"Whisper\".")
      .def_ro("name", &PresetInfo::name, "For Frontend() and preset().")
      .def_ro("alias", &PresetInfo::alias, "Another name, or \"\".")
      .def_ro("summary", &PresetInfo::summary, "What it gives, in a line.")
      .def_ro("source", &PresetInfo::source, "The library and version that it reproduces.")
      .def("__repr__", [](const PresetInfo& info) {
        return nb::str("PresetInfo(name={!r}, source={!r})").format(info.name, info.source);
      });
  module.def("presets", &Presets, "All presets.");
  module.def(
      "preset_json",
      [](nb::handle name) { return Preset(TextOf(name, "the preset", kName)).ToJson(); },
      nb::arg("name").none());
}

void BindResamplers(nb::module_& module) {
  nb::class_<ResamplerInfo>(module, "ResamplerInfo", "A definition of resampling.")
      .def_ro("name", &ResamplerInfo::name, "For resample() and FrontendSpec.resampler.")
      .def_ro("summary", &ResamplerInfo::summary, "What it is, in a line.")
      .def_ro("source", &ResamplerInfo::source, "The library and version that it reproduces.")
      .def("__repr__", [](const ResamplerInfo& info) {
        return nb::str("ResamplerInfo(name={!r}, source={!r})").format(info.name, info.source);
      });
  module.def("resamplers", &Resamplers, "All definitions of resampling.");
}

}  // namespace

void BindSpecs(nb::module_& module) {
  BindBounds(module);
  BindPresets(module);
  BindResamplers(module);
  module.def(
      "canonical_json",
      [](const std::string& json) { return FrontendSpec::FromJson(json).ToJson(); }, "json"_a,
      "The whole spec, validated, of JSON that may leave fields out.");
  module.def(
      "feature_unit",
      [](const std::string& json) { return FeatureUnit(FrontendSpec::FromJson(json)); }, "json"_a);
  module.def(
      "spec_bands", [](const std::string& json) { return FrontendSpec::FromJson(json).bands(); },
      "json"_a);
  module.def("default_json", [] { return FrontendSpec().ToJson(); });
  module.def("instruction_sets", &InstructionSets,
             "The instruction sets that this build has kernels for and this machine supports, "
             "widest first.");
  module.def("instruction_set", &InstructionSet, "The instruction set in use.");
}

}  // namespace ossicle::python
