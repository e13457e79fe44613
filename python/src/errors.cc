#include <nanobind/nanobind.h>

#include <exception>

#include "bindings.h"
#include "ossicle/error.h"

namespace nb = nanobind;

namespace ossicle::python {
namespace {

/// The class of ossicle._errors for each code.
const char* ClassOf(Code code) {
  switch (code) {
    case Code::kInvalidSpec:
      return "SpecError";
    case Code::kShape:
      return "ShapeError";
    case Code::kNotFinite:
      return "NotFiniteError";
    case Code::kInput:
      return "AudioError";
    case Code::kOutput:
      return "OutputError";
    case Code::kModel:
      return "ModelError";
    case Code::kInterrupted:
      return "CancelledError";
    case Code::kBusy:
      return "BusyError";
    case Code::kTimeout:
      return "DeadlineError";
  }
  return "Error";
}

void Translate(const std::exception_ptr& exception, void*) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    const nb::object type = nb::module_::import_("ossicle._errors").attr(ClassOf(error.code()));
    PyErr_SetString(type.ptr(), error.what());
  }
}

}  // namespace

void BindErrors(nb::module_&) { nb::register_exception_translator(Translate); }

}  // namespace ossicle::python
