#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ossicle/model_file.h"

namespace ossicle {

/// The entries of metadata_props that ModelFile::Metadata() reads back.
std::vector<std::pair<std::string, std::string>> PropertiesOf(const ModelMetadata& metadata);

}  // namespace ossicle
