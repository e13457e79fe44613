#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>  // IWYU pragma: keep: casts of text
#include <nanobind/stl/vector.h>  // IWYU pragma: keep: casts of lists

#include <cstdint>
#include <optional>
#include <string>

namespace ossicle::python {

/// Throws nanobind::type_error: "NAME is VALUE (TYPE); give WANTED".
[[noreturn]] void ThrowOtherType(nanobind::handle value, const char* name, const char* wanted);

/// A whole number, also NumPy's; `range`, for messages: "1..256". Throws nanobind::type_error for
/// what is none, and Error(kInvalidSpec) for one beyond what `Int` holds; others are the caller's
/// to check. `Int`: int or std::int64_t.
template <class Int>
Int WholeOf(nanobind::handle value, const char* name, const char* range);

/// Text, a list of it, True or False. Throws nanobind::type_error, which says what is `wanted`.
template <class T>
T ValueOf(nanobind::handle value, const char* name, const char* wanted) {
  T result;
  if (nanobind::try_cast(value, result)) return result;
  PyErr_Clear();
  ThrowOtherType(value, name, wanted);
}

inline std::string TextOf(nanobind::handle value, const char* name, const char* wanted) {
  return ValueOf<std::string>(value, name, wanted);
}

/// nullopt for None.
inline std::optional<int> OptionalWholeOf(nanobind::handle value, const char* name,
                                          const char* range) {
  if (value.is_none()) return std::nullopt;
  return WholeOf<int>(value, name, range);
}

/// nullopt for None.
inline std::optional<std::string> OptionalTextOf(nanobind::handle value, const char* name,
                                                 const char* wanted) {
  if (value.is_none()) return std::nullopt;
  return TextOf(value, name, wanted);
}

/// What is wanted of arguments that several calls have.
inline constexpr const char* kDownmixes = "\"mean\" or \"ffmpeg\"";
inline constexpr const char* kTails = "\"drop\", \"align\" or \"pad\"";
inline constexpr const char* kWindowRules = "a rule such as \"16:80/25\"";
inline constexpr const char* kWorkers = "1..256, or 0 for one on each core";
inline constexpr const char* kRates = "1..768000";
inline constexpr const char* kName = "a name in Unicode";

}  // namespace ossicle::python
