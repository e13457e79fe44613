#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "io/file_descriptor.h"
#include "io/npy_header.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"

namespace ossicle {
namespace {

constexpr InputKind kNpyInput{"a .npy file", "no array; write it again"};
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

[[noreturn]] void Refuse(const std::string& name, const std::string& what) {
  throw Error(Code::kInput, name + " " + what);
}

double FromHalf(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const int fraction = bits & 0x3FF;
  const double sign = bits >> 15 != 0 ? -1.0 : 1.0;
  if (exponent == 0x1F) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

template <class Bits, class T>
double Convert(const unsigned char* data, bool swapped) {
  std::array<unsigned char, sizeof(Bits)> bytes;
  std::copy_n(data, bytes.size(), bytes.begin());
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  const Bits bits = std::bit_cast<Bits>(bytes);
  if constexpr (std::is_same_v<T, void>) {
    return FromHalf(bits);
  } else {
    return static_cast<double>(std::bit_cast<T>(bits));
  }
}

/// How the values of one type become doubles.
struct ValueType {
  const char* name;  // without the byte order
  std::size_t bytes;
  double (*convert)(const unsigned char*, bool swapped);
};

constexpr std::array kTypes = {
    ValueType{"f2", 2, Convert<std::uint16_t, void>},
    ValueType{"f4", 4, Convert<std::uint32_t, float>},
    ValueType{"f8", 8, Convert<std::uint64_t, double>},
    ValueType{"i1", 1, Convert<std::uint8_t, std::int8_t>},
    ValueType{"i2", 2, Convert<std::uint16_t, std::int16_t>},
    ValueType{"i4", 4, Convert<std::uint32_t, std::int32_t>},
    ValueType{"i8", 8, Convert<std::uint64_t, std::int64_t>},
    ValueType{"u1", 1, Convert<std::uint8_t, std::uint8_t>},
    ValueType{"u2", 2, Convert<std::uint16_t, std::uint16_t>},
    ValueType{"u4", 4, Convert<std::uint32_t, std::uint32_t>},
    ValueType{"u8", 8, Convert<std::uint64_t, std::uint64_t>},
};

const ValueType& TypeOf(const std::string& descr, const std::string& name) {
  const bool ordered =
      !descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string::npos;
  for (const ValueType& type : kTypes) {
    if (ordered && descr.substr(1) == type.name) return type;
  }
  Refuse(
      name,
      "holds " +
          (descr == "|O" ? "Python objects" : "values of type \"" + descr.substr(0, 16) + "\"") +
          ", but floats of 16, 32 or 64 bits or integers are needed; save array.astype('float32')");
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (const std::int64_t size : shape) {
    if (text.size() > 80) return text + ", ...)";
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// Rows and columns of a shape of which dimensions of 1 are left out.
std::pair<std::int64_t, std::int64_t> MatrixShape(const std::vector<std::int64_t>& shape,
                                                  const std::string& name) {
  std::vector<std::int64_t> sizes = shape;
  for (auto one = sizes.begin(); sizes.size() > 2 && one != sizes.end();) {
    one = *one == 1 ? sizes.erase(one) : one + 1;
  }
  if (sizes.size() != 2) {
    Refuse(name, "holds an array of shape " + ShapeText(shape) +
                     ", but frames x bands or bands x frames are needed; save one matrix");
  }
  if (sizes[0] == 0 || sizes[1] == 0) {
    Refuse(name, "holds an array of shape " + ShapeText(shape) +
                     ", which has no value; save at least one frame");
  }
  return {sizes[0], sizes[1]};
}

/// One file on its way to a matrix.
class Reader {
 public:
  Reader(const std::string& path, const InputFile& file)
      : path_(path), name_(InputName(path)), file_(file) {}

  UnknownFeatures Read() {
    const NpyDescription description = ParseNpyHeader(Header(), name_);
    const ValueType& type = TypeOf(description.type, name_);
    const auto [rows, columns] = MatrixShape(description.shape, name_);
    const __int128 count = static_cast<__int128>(rows) * columns;
    if (file_.regular) RequireSize(description, type, count);
    UnknownFeatures matrix{{}, rows, columns};
    ReadValues(description, type, count, matrix.values);
    if (description.fortran_order) Transpose(matrix);
    RequireFinite(matrix);
    return matrix;
  }

 private:
  std::size_t Fill(void* data, std::size_t bytes) {
    const std::size_t count = ReadFully(file_.fd.get(), path_, data, bytes);
    done_ += static_cast<std::int64_t>(count);
    return count;
  }

  std::string Header() {
    constexpr std::string_view kMagic = "\x93NUMPY";
    std::array<char, kNpyMagicBytes> magic{};
    if (Fill(magic.data(), magic.size()) != magic.size() ||
        !std::string_view(magic.data(), magic.size()).starts_with(kMagic)) {
      Refuse(
          name_,
          "is not a .npy file: it does not begin with \\x93NUMPY; write it with numpy.save(name, "
          "array)");
    }
    const int version = static_cast<unsigned char>(magic[kMagic.size()]);
    if (version < 1 || version > 3 || magic.back() != 0) {
      Refuse(name_, "is a .npy file of format " + std::to_string(version) + "." +
                        std::to_string(static_cast<unsigned char>(magic.back())) +
                        "; 1.0, 2.0 and 3.0 are read");
    }
    std::string header(HeaderBytes(version == 1 ? 2 : 4), ' ');
    if (Fill(header.data(), header.size()) != header.size()) CutOff("in its header");
    return header;
  }

  std::size_t HeaderBytes(std::size_t width) {
    std::array<unsigned char, 4> bytes{};
    if (Fill(bytes.data(), width) != width) CutOff("in its header");
    const std::size_t length =
        bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::size_t{bytes[3]} << 24;
    if (length <= kMaxNpyHeaderBytes) return length;
    Refuse(name_, "has a header of " + std::to_string(length) + " bytes, but at most " +
                      std::to_string(kMaxNpyHeaderBytes) + " are read; save the array alone");
  }

  [[noreturn]] void CutOff(const std::string& where) const {
    Refuse(name_, "is cut off " + where + "; get the whole file");
  }

  [[noreturn]] void WrongSize(const NpyDescription& description, bool too_short) const {
    if (too_short) CutOff("before the end of its array of shape " + ShapeText(description.shape));
    Refuse(name_, "goes on after its array of shape " + ShapeText(description.shape) +
                      "; save one array in a file");
  }

  void RequireSize(const NpyDescription& description, const ValueType& type, __int128 count) const {
    const std::int64_t left = file_.bytes - done_;
    const auto width = static_cast<std::int64_t>(type.bytes);
    if (count > left / width) WrongSize(description, /*too_short=*/true);
    if (count * width < left) WrongSize(description, /*too_short=*/false);
  }

  void ReadValues(const NpyDescription& description, const ValueType& type, __int128 count,
                  std::vector<double>& values) {
    const bool swapped = description.type[0] == '>';
    std::vector<unsigned char> block(kBlockBytes);
    if (file_.regular) values.reserve(static_cast<std::size_t>(count));
    while (count > 0) {
      const auto wanted =
          static_cast<std::size_t>(std::min<__int128>(count, kBlockBytes / type.bytes));
      if (Fill(block.data(), wanted * type.bytes) != wanted * type.bytes) {
        WrongSize(description, /*too_short=*/true);
      }
      for (std::size_t i = 0; i < wanted; ++i) {
        values.push_back(type.convert(block.data() + i * type.bytes, swapped));
      }
      count -= static_cast<__int128>(wanted);
    }
    if (Fill(block.data(), 1) != 0) WrongSize(description, /*too_short=*/false);
  }

  static void Transpose(UnknownFeatures& matrix) {
    std::vector<double> in_c_order(matrix.values.size());
    for (std::int64_t row = 0; row < matrix.rows; ++row) {
      for (std::int64_t column = 0; column < matrix.columns; ++column) {
        in_c_order[static_cast<std::size_t>(row * matrix.columns + column)] =
            matrix.values[static_cast<std::size_t>(column * matrix.rows + row)];
      }
    }
    matrix.values = std::move(in_c_order);
  }

  void RequireFinite(const UnknownFeatures& matrix) const {
    const auto wrong = std::find_if_not(matrix.values.begin(), matrix.values.end(),
                                        [](double value) { return std::isfinite(value); });
    if (wrong == matrix.values.end()) return;
    const std::int64_t index = wrong - matrix.values.begin();
    Refuse(name_, "holds " + std::string(std::isnan(*wrong) ? "a NaN" : "an infinity") +
                      " in row " + std::to_string(index / matrix.columns) + ", column " +
                      std::to_string(index % matrix.columns) +
                      "; only finite numbers can be compared");
  }

  const std::string& path_;
  const std::string name_;
  const InputFile& file_;
  std::int64_t done_ = 0;
};

}  // namespace

UnknownFeatures ReadNpy(const std::string& path) {
  const InputFile file = OpenInput(path, /*allow_pipe=*/true, kNpyInput);
  return Reader(path, file).Read();
}

}  // namespace ossicle
