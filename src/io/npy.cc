#include "ossicle/npy.h"

#include <bit>
#include <string>
#include <type_traits>

#include "ossicle/error.h"

namespace ossicle {
namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory");

constexpr std::size_t kMaxDimensions = 64;

template <class T>
constexpr const char* kType = std::is_same_v<T, float> ? "<f4" : "<f8";

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  if (shape.size() > kMaxDimensions) {
    throw Error(Code::kShape, "an array with " + std::to_string(shape.size()) +
                                  " dimensions; .npy has room for 0.." +
                                  std::to_string(kMaxDimensions));
  }
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < 0) {
      throw Error(Code::kShape, "size " + std::to_string(shape[i]) + " of dimension " +
                                    std::to_string(i) + "; at least 0 is legal");
    }
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace

std::string NpyHeader(const std::string& type, const std::vector<std::int64_t>& shape) {
  constexpr std::size_t kAlignment = 64;
  if (type != "<f4" && type != "<f8") {
    throw Error(Code::kShape, "array type \"" + type + "\"; \"<f4\" and \"<f8\" are legal");
  }
  std::string header("\x93NUMPY\x01\x00\x00\x00", 10);
  header +=
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + ShapeText(shape) + ", }";
  const std::size_t bytes = (header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  header.append(bytes - 1 - header.size(), ' ');
  header += '\n';
  header[8] = static_cast<char>((bytes - 10) & 0xFF);
  header[9] = static_cast<char>((bytes - 10) >> 8);
  return header;
}

template <class T>
void WriteNpy(const std::string& path, const Features<T>& features, bool overwrite) {
  const bool frames_first = features.layout() == Layout::kFramesFirst;
  const std::int64_t frames = features.frames();
  const std::int64_t bands = features.bands();
  const std::string header =
      NpyHeader(kType<T>, frames_first ? std::vector{frames, bands} : std::vector{bands, frames});
  AtomicFile file(path, overwrite);
  file.Write(header.data(), header.size());
  features.ForEachPiece(
      [&file](std::span<const T> piece) { file.Write(piece.data(), piece.size_bytes()); });
  file.Commit();
}

template void WriteNpy(const std::string&, const Features<float>&, bool);
template void WriteNpy(const std::string&, const Features<double>&, bool);

void WriteNpy(const std::string& path, std::span<const float> values, std::int64_t rows,
              std::int64_t columns, bool overwrite) {
  const std::string header = NpyHeader(kType<float>, {rows, columns});
  const __int128 size = static_cast<__int128>(rows) * columns;
  if (size != static_cast<__int128>(values.size())) {
    throw Error(Code::kShape, std::to_string(values.size()) + " values for a matrix of " +
                                  std::to_string(rows) + " x " + std::to_string(columns) +
                                  "; it takes rows * columns");
  }
  AtomicFile file(path, overwrite);
  file.Write(header.data(), header.size());
  file.Write(values.data(), values.size_bytes());
  file.Commit();
}

}  // namespace ossicle
