#include "stream_output.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace ossicle::cli {

namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they lie");

template <class T>
constexpr const char* kNpyType = std::is_same_v<T, float> ? "<f4" : "<f8";

}  // namespace

StreamFormat ChosenStreamFormat(const std::string& name) {
  if (name == "jsonl") return StreamFormat::kJsonl;
  if (name == "raw") return StreamFormat::kRaw;
  const bool for_a_person = name.empty() && isatty(STDOUT_FILENO) != 0;
  return for_a_person ? StreamFormat::kJsonl : StreamFormat::kNpyStream;
}

template <class T>
std::string JsonNumber(T value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> text;
  const char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  std::string number(static_cast<const char*>(text.data()), end);
  if (number.find_first_of(".e") == std::string::npos) number += ".0";
  return number;
}

template std::string JsonNumber(float);
template std::string JsonNumber(double);

template <class T>
void StreamOutput::Write(std::span<const T> values, int columns, const Label& label) {
  if (values.empty()) return;
  if (format_ == StreamFormat::kJsonl) {
    AppendLines(values, columns, label);
  } else if (format_ == StreamFormat::kRaw) {
    AppendBytes(values);
  } else {
    AppendArray(values, columns);
  }
  Flush();
  rows_ += std::ssize(values) / columns;
  if (grows_) WriteHeader<T>(columns);
}

template <class T>
void StreamOutput::End(int columns) {
  if (format_ != StreamFormat::kNpyStream || rows_ > 0) return;
  AppendArray(std::span<const T>(), columns);
  Flush();
}

template <class T>
void StreamOutput::AppendArray(std::span<const T> values, int columns) {
  if (!grows_ || rows_ == 0) {
    buffer_ += NpyHeader(kNpyType<T>, {std::ssize(values) / columns, columns});
  }
  AppendBytes(values);
}

/// The same with all rows: headers are padded, so that it has the size of the first.
template <class T>
void StreamOutput::WriteHeader(int columns) {
  const std::string header = NpyHeader(kNpyType<T>, {rows_, columns});
  file_.WriteAt(0, header.data(), header.size());
}

template <class T>
void StreamOutput::AppendLines(std::span<const T> values, int columns, const Label& label) {
  const auto width = static_cast<std::size_t>(columns);
  for (std::size_t row = 0; row * width < values.size(); ++row) {
    buffer_ += '{' + label(rows_ + static_cast<std::int64_t>(row)) + ", \"values\": [";
    const char* separator = "";
    for (const T value : values.subspan(row * width, width)) {
      buffer_ += separator + JsonNumber(value);
      separator = ", ";
    }
    buffer_ += "]}\n";
  }
}

template <class T>
void StreamOutput::AppendBytes(std::span<const T> values) {
  buffer_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

void StreamOutput::Flush() {
  file_.Write(buffer_.data(), buffer_.size());
  buffer_.clear();
}

template void StreamOutput::Write(std::span<const float>, int, const Label&);
template void StreamOutput::Write(std::span<const double>, int, const Label&);
template void StreamOutput::End<float>(int);
template void StreamOutput::End<double>(int);

}  // namespace ossicle::cli
