#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <span>
#include <string>

#include "ossicle/error.h"

namespace ossicle::python {

/// The bytes of a path, from a str, bytes or an os.PathLike. Throws nanobind::type_error for what
/// is none, and Error(code) where no file has such a name: a NUL would end it early, and half a
/// surrogate pair has no bytes.
std::string PathOf(nanobind::handle path, Code code);

/// The other way round, also where the bytes are not UTF-8.
nanobind::object PathObject(const std::string& path);

/// repr(), for messages: cut where it is long.
std::string ReprOf(nanobind::handle object);

/// What an object is, for messages: "ndarray of int32".
std::string TypeName(nanobind::handle object);

/// "(2, 3)".
std::string ShapeText(std::span<const std::size_t> shape);

}  // namespace ossicle::python
