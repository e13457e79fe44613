#include <nanobind/nanobind.h>

#include <cstring>
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
    // Not PyErr_SetString(): the name of a file need not be UTF-8.
    const auto message = nb::steal(PyUnicode_DecodeUTF8(
        error.what(), static_cast<Py_ssize_t>(std::strlen(error.what())), "backslashreplace"));
    PyErr_SetObject(type.ptr(), message.ptr());
  }
}

}  // namespace

void BindErrors(nb::module_&) { nb::register_exception_translator(Translate); }

}  // namespace ossicle::python
