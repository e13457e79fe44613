#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>
#include <tuple>

#include "arguments.h"
#include "bindings.h"
#include "frontend_object.h"
#include "ossicle/error.h"
#include "spec_object.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

const char* PrecisionOf(const FrontendObject& self) {
  return self.is_double() ? "double" : "float";
}

std::int64_t Frames(const FrontendObject& self, nb::handle count) {
  const auto samples = WholeOf<std::int64_t>(count, "samples", "0 or more");
  if (samples < 0) {
    throw Error(Code::kShape,
                "samples is " + std::to_string(samples) + "; a signal has 0 samples or more");
  }
  return self.frontend().Frames(samples);
}

nb::tuple State(FrontendObject& self) {
  return nb::make_tuple(self.frontend().spec().ToJson(), self.is_double(), self.pool().count());
}

void SetState(FrontendObject& self, const nb::tuple& state) {
  new (&self) FrontendObject(FrontendSpec::FromJson(nb::cast<std::string>(state[0])),
                             nb::cast<bool>(state[1]), nb::cast<int>(state[2]));
}

}  // namespace

void BindFrontend(nb::module_& module) {
  nb::class_<FrontendObject>(module, "Frontend", R"(A compiled front end: samples to features.

Immutable: share one object between all threads. It pickles as its spec, and works after a fork.)")
      .def(
          "__init__",
          [](FrontendObject* self, nb::handle spec, nb::handle precision, nb::handle workers) {
            new (self) FrontendObject(
                SpecOf(spec), IsDouble(TextOf(precision, "precision", "\"float\" or \"double\"")),
                WholeOf<int>(workers, "workers", kWorkers));
          },
          nb::sig("def __init__(self, spec: object, *, precision: str = 'float', "
                  "workers: int = 1) -> None"),
          nb::arg("spec").none(), nb::kw_only(), nb::arg("precision").none() = "float",
          nb::arg("workers").none() = 1,
          R"(Compiles a spec.

spec       a preset's name, a FrontendSpec, or a mapping of its fields
precision  "float" gives float32, "double" float64, of the same float32 samples
workers    threads of one call, the caller's own included, 1..256; 0: one on each core
Raises SpecError, which names the field, its value and its range.)")
      .def("__call__", &FrontendObject::Call,
           nb::sig("def __call__(self, samples: object, *, sample_rate_hz: int | None = None, "
                   "axis: int | None = None, out: object | None = None) -> object"),
           nb::arg("samples").none(), nb::kw_only(), "sample_rate_hz"_a = nb::none(),
           "axis"_a = nb::none(), "out"_a = nb::none(),
           R"(The features of one signal, or a list of those of each clip of a list.

samples         (n,) float32 at full scale 1.0, which is not copied; float64, int16 (full scale
                32768) and other strides are copied once. Any array on the CPU with the buffer
                protocol or DLPack. With more dimensions, `axis` names the one that counts samples,
                and the others come first in the result.
sample_rate_hz  of the samples, 1..768000; where it is not the spec's, they are resampled as the
                spec says. Left out: the spec's.
out             a writable array of the result's shape and type, any strides; it is returned
Gives (bands, frames) or (frames, bands), as spec.layout says; the GIL is released meanwhile.
Raises ShapeError, NotFiniteError for a NaN or an infinity, SpecError for a rate out of range,
TypeError for what is no such array. A list in a list is refused.)")
      .def("frames", &Frames, nb::sig("def frames(self, samples: int) -> int"),
           nb::arg("samples").none(), "Frames that so many samples at the spec's rate give.")
      .def_prop_ro(
          "spec", [](const FrontendObject& self) { return SpecObject(self.frontend().spec()); },
          "Its FrontendSpec.")
      .def_prop_ro(
          "bands", [](const FrontendObject& self) { return self.frontend().bands(); },
          "Values per frame.")
      .def_prop_ro("precision", &PrecisionOf, "\"float\" or \"double\".")
      .def_prop_ro(
          "workers", [](FrontendObject& self) { return self.pool().count(); },
          "Threads of one call.")
      .def("__getstate__", &State)
      .def("__setstate__", &SetState)
      .def("__repr__", [](FrontendObject& self) {
        return nb::str("Frontend({!r}, precision={!r}, workers={})")
            .format(SpecObject(self.frontend().spec()), PrecisionOf(self), self.pool().count());
      });
}

}  // namespace ossicle::python
