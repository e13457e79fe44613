#pragma once

#include <string>
#include <vector>

#include "ossicle/bench.h"

namespace ossicle::cli {

/// Measurements for a person, a line for each, and for a program.
std::string Table(const std::vector<BenchResult>& results, const Machine& machine);
std::string Table(const std::vector<ModelBenchResult>& results, const Machine& machine);
std::string JsonText(const std::vector<BenchResult>& results, const Machine& machine);
std::string JsonText(const std::vector<ModelBenchResult>& results, const Machine& machine);

}  // namespace ossicle::cli
