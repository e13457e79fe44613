#pragma once

#include <span>

#include "ossicle/spec.h"

namespace ossicle::internal {

struct Bounds {
  Accuracy in_float;
  Accuracy in_double;
};

/// A preset. Nothing outside the table knows its name.
struct PresetRow {
  const char* family;
  const char* name;
  const char* alias;
  const char* summary;
  const char* source;
  FrontendSpec (*make)();
  Bounds bounds;
};

std::span<const PresetRow> PresetTable();

}  // namespace ossicle::internal
