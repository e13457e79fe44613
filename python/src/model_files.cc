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
      .def_prop_ro(
          "spec", [](const ModelMetadata& self) { return SpecObject(self.frontend); },
          "The FrontendSpec.")
      .def_prop_ro(
          "windows", [](const ModelMetadata& self) { return self.windows.ToString(); },
          "\"LENGTH:STEP\" or \"LENGTH:STEP:FIRST\", in frames.")
      .def_prop_ro(
          "tail", [](const ModelMetadata& self) { return ToString(self.windows.tail); },
          "\"drop\", \"align\" or \"pad\".")
      .def_ro("graph_sha256", &ModelMetadata::graph_sha256,
              "Of the graph that was packed: 64 hexadecimal digits.")
      .def_ro("packed_by", &ModelMetadata::packed_by, "The version of Ossicle that packed it.")
      .def("__repr__", [](const ModelMetadata& self) {
        return nb::str("ModelMetadata(spec={!r}, windows={!r}, tail={!r}, packed_by={!r})")
            .format(SpecObject(self.frontend), self.windows.ToString(), ToString(self.windows.tail),
                    self.packed_by);
      });
}

}  // namespace

void BindModelFiles(nb::module_& module) {
  BindMetadata(module);
  nb::class_<ModelPort>(module, "ModelPort", "An input or an output of a model.")
      .def_ro("name", &ModelPort::name, "As the model has it.")
      .def_ro(
          "type", &ModelPort::type,
          "Of its elements, such as \"float32\"; of what is no tensor \"sequence\", \"map\", ...")
      .def_ro("shape", &ModelPort::shape, "-1 where a dimension is free.")
      .def("__repr__", [](const ModelPort& self) {
        return nb::str("ModelPort(name={!r}, type={!r}, shape={!r})")
            .format(self.name, self.type, self.shape);
      });
  nb::class_<ModelFile>(module, "ModelFile", "What an ONNX file says of itself.")
      .def_prop_ro(
          "path", [](const ModelFile& self) { return PathObject(self.path); }, "Of the file.")
      .def_ro("producer", &ModelFile::producer, "What made it, name and version; \"\" if not said.")
      .def_ro("ir_version", &ModelFile::ir_version, "Of ONNX's format.")
      .def_ro("opsets", &ModelFile::opsets,
              "(domain, version) of each operator set; the domain \"\" is ONNX's own.")
      .def_ro("inputs", &ModelFile::inputs, "A ModelPort for each that has no initial value.")
      .def_ro("outputs", &ModelFile::outputs, "A ModelPort for each.")
      .def_ro("external_files", &ModelFile::external_files,
              "With weights, relative to the model's folder.")
      .def_prop_ro(
          "metadata", &ModelFile::Metadata,
          "What was packed, a ModelMetadata, or None. Raises ModelError where it is damaged.")
      .def("__repr__", [](const ModelFile& self) {
        return nb::str("ModelFile(path={!r}, producer={!r}, inputs={!r}, outputs={!r})")
            .format(PathObject(self.path), self.producer, self.inputs, self.outputs);
      });
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
