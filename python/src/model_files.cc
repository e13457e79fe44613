#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>

#include "arguments.h"
#include "engine_object.h"
#include "ossicle/model_file.h"
#include "spec_object.h"
#include "text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

WindowRule RuleOf(nb::handle windows, nb::handle tail) {
  WindowRule rule = WindowRule::Parse(TextOf(windows, "windows", kWindowRules));
  rule.tail = ParseTail(TextOf(tail, "tail", kTails));
  return rule;
}

void BindMetadata(nb::module_& module) {
  nb::class_<ModelMetadata>(module, "ModelMetadata", "What was packed into a model.")
      .def_prop_ro("spec", [](const ModelMetadata& self) { return SpecObject(self.frontend); })
      .def_prop_ro("windows", [](const ModelMetadata& self) { return self.windows.ToString(); })
      .def_prop_ro("tail", [](const ModelMetadata& self) { return ToString(self.windows.tail); })
      .def_ro("graph_sha256", &ModelMetadata::graph_sha256)
      .def_ro("packed_by", &ModelMetadata::packed_by, "The version of Ossicle that packed it.");
}

}  // namespace

void BindModelFiles(nb::module_& module) {
  BindMetadata(module);
  nb::class_<ModelPort>(module, "ModelPort", "An input or an output of a model.")
      .def_ro("name", &ModelPort::name)
      .def_ro("type", &ModelPort::type)
      .def_ro("shape", &ModelPort::shape, "-1 where a dimension is free.");
  nb::class_<ModelFile>(module, "ModelFile", "What an ONNX file says of itself.")
      .def_prop_ro("path", [](const ModelFile& self) { return PathObject(self.path); })
      .def_ro("producer", &ModelFile::producer)
      .def_ro("ir_version", &ModelFile::ir_version)
      .def_ro("opsets", &ModelFile::opsets, "(domain, version) of each operator set.")
      .def_ro("inputs", &ModelFile::inputs)
      .def_ro("outputs", &ModelFile::outputs)
      .def_ro("external_files", &ModelFile::external_files)
      .def_prop_ro("metadata", &ModelFile::Metadata, "What was packed, or None.");
  module.def(
      "inspect", [](nb::handle path) { return ReadModelFile(PathOf(path, Code::kModel)); },
      "path"_a.none());
  module.def(
      "pack",
      [](nb::handle path, nb::handle frontend, nb::handle windows, nb::handle output,
         nb::handle tail, nb::handle overwrite) {
        return PackModel(PathOf(path, Code::kModel), SpecOf(frontend), RuleOf(windows, tail),
                         PathOf(output, Code::kOutput),
                         ValueOf<bool>(overwrite, "overwrite", "True or False"));
      },
      "path"_a.none(), "frontend"_a.none(), "windows"_a.none(), "output"_a.none(), "tail"_a.none(),
      "overwrite"_a.none());
}

}  // namespace ossicle::python
