#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ossicle/engine.h"
#include "ossicle/ossicle.h"

struct ossicle_matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
  std::vector<double> start_s;  ///< of each row, or none at all
  std::vector<double> end_s;
  double duration_s = 0.0;
  std::size_t not_finite = 0;
};

namespace ossicle::c {

std::unique_ptr<ossicle_matrix> MatrixOf(const Extraction<float>& extraction);
std::unique_ptr<ossicle_matrix> MatrixOf(Encoding encoding, const Model& model);

}  // namespace ossicle::c
