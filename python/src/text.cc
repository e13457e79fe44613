#include "text.h"

#include <nanobind/stl/string.h>  // IWYU pragma: keep: casts to std::string

namespace nb = nanobind;

namespace ossicle::python {

std::string PathOf(nb::handle path, Code code) {
  const auto shown = [&] { return "the path " + ReprOf(path); };
  nb::object encoded;
  try {
    encoded = nb::module_::import_("os").attr("fsencode")(path);
  } catch (nb::python_error& error) {
    if (error.matches(PyExc_UnicodeEncodeError)) {
      throw Error(code, shown() + " is not Unicode; give the name of a file");
    }
    if (!error.matches(PyExc_TypeError)) throw;
    throw nb::type_error(
        (shown() + " is a " + TypeName(path) + "; give a str, bytes or an os.PathLike").c_str());
  }
  const auto bytes = nb::borrow<nb::bytes>(encoded);
  std::string text(bytes.c_str(), bytes.size());
  if (text.find('\0') != std::string::npos) {
    throw Error(code, shown() + " holds a NUL; give the name of a file");
  }
  return text;
}

nb::object PathObject(const std::string& path) {
  return nb::module_::import_("os").attr("fsdecode")(nb::bytes(path.data(), path.size()));
}

std::string ReprOf(nb::handle object) {
  constexpr std::size_t kMost = 100;
  std::string text = nb::repr(object).c_str();
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // whole characters
  return text.substr(0, end) + "...";
}

std::string TypeName(nb::handle object) {
  std::string name = nb::cast<std::string>(object.type().attr("__name__"));
  if (nb::hasattr(object, "dtype")) {
    const nb::str type(nb::object(object.attr("dtype")));
    name += std::string(" of ") + type.c_str();
  }
  return name;
}

std::string ShapeText(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace ossicle::python
