#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ossicle/spec.h"

/// Sensible other values for each choice of a spec: what a port of it gets wrong.
namespace ossicle::test {

struct Perturbation {
  std::string field;  ///< "hop_samples"; "peak_floor" for a step
  std::string value;
  std::function<void(FrontendSpec&)> apply;
};

/// All of them, those that lead to an illegal spec left out.
std::vector<Perturbation> Perturbations(const FrontendSpec& spec);

bool IsLegal(const FrontendSpec& spec);

}  // namespace ossicle::test
