#include "c/matrix.h"

#include <span>
#include <utility>

#include "c/call.h"
#include "c/handles.h"
#include "c/structs.h"

namespace ossicle::c {

std::unique_ptr<ossicle_matrix> MatrixOf(const Extraction<float>& extraction) {
  const Features<float>& features = extraction.features;
  auto matrix = std::make_unique<ossicle_matrix>();
  matrix->rows = static_cast<std::size_t>(features.frames());
  matrix->columns = static_cast<std::size_t>(features.bands());
  matrix->values.reserve(matrix->rows * matrix->columns);
  features.ForEachPiece([&](std::span<const float> piece) {
    matrix->values.insert(matrix->values.end(), piece.begin(), piece.end());
  });
  if (features.layout() == Layout::kBandsFirst) std::swap(matrix->rows, matrix->columns);
  matrix->duration_s = extraction.duration_s;
  return matrix;
}

std::unique_ptr<ossicle_matrix> MatrixOf(Encoding encoding, const Model& model) {
  auto matrix = std::make_unique<ossicle_matrix>();
  for (const WindowTime& time : WindowTimes(model, encoding)) {
    matrix->start_s.push_back(time.start_s);
    matrix->end_s.push_back(time.end_s);
  }
  matrix->rows = static_cast<std::size_t>(encoding.embeddings.windows);
  matrix->columns = static_cast<std::size_t>(encoding.embeddings.embedding_size);
  matrix->values = std::move(encoding.embeddings.values);
  matrix->duration_s = encoding.duration_s;
  matrix->not_finite = static_cast<std::size_t>(encoding.embeddings.not_finite);
  return matrix;
}

}  // namespace ossicle::c

using ossicle::c::Call;

ossicle_status ossicle_matrix_get_info(const ossicle_matrix* matrix, ossicle_matrix_info* info) {
  return Call([&] {
    const ossicle_matrix& self = ossicle::c::Deref(matrix, "matrix");
    const auto times = [](const std::vector<double>& list) {
      return list.empty() ? nullptr : list.data();
    };
    ossicle::c::WriteInfo({0, self.rows, self.columns, self.values.data(), times(self.start_s),
                           times(self.end_s), self.duration_s, self.not_finite},
                          "ossicle_matrix_info", info);
  });
}

ossicle_status ossicle_matrix_free(ossicle_matrix* matrix) {
  return Call([&] { ossicle::c::Free(matrix, "matrix"); });
}
