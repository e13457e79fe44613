#include "arguments.h"

#include <utility>

#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "text.h"

namespace nb = nanobind;

namespace ossicle::python {

static_assert(kMaxSampleRateHz == 768000, "kRates says so");

void ThrowOtherType(nb::handle value, const char* name, const char* wanted) {
  throw nb::type_error(
      (std::string(name) + " is " + ReprOf(value) + " (" + TypeName(value) + "); give " + wanted)
          .c_str());
}

template <class Int>
Int WholeOf(nb::handle value, const char* name, const char* range) {
  nb::object number = nb::borrow(value);
  if (!PyLong_Check(value.ptr())) {
    number = nb::steal(PyIndex_Check(value.ptr()) != 0 ? PyNumber_Index(value.ptr()) : nullptr);
    if (!number.is_valid()) {
      PyErr_Clear();
      ThrowOtherType(value, name, (std::string("a whole number, ") + range).c_str());
    }
  }
  int beyond = 0;
  const long long whole = PyLong_AsLongLongAndOverflow(number.ptr(), &beyond);
  if (beyond == 0 && std::in_range<Int>(whole)) return static_cast<Int>(whole);
  throw Error(Code::kInvalidSpec, std::string(name) + " is " + ReprOf(number) + "; give " + range);
}

template int WholeOf<int>(nb::handle, const char*, const char*);
template std::int64_t WholeOf<std::int64_t>(nb::handle, const char*, const char*);

}  // namespace ossicle::python
