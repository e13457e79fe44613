#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "ossicle/npy.h"

namespace ossicle::cli {

enum class StreamFormat {
  kNpyStream,  ///< .npy arrays one after the other; in a file, one that grows
  kJsonl,      ///< a line of JSON a row; what is not finite is null
  kRaw,        ///< the rows alone, little-endian
};

/// --format, or "" for what suits standard output: lines for a terminal, arrays for a program.
StreamFormat ChosenStreamFormat(const std::string& name);

/// A number that reads back as the same, always with a point or an exponent; "null" for a NaN or an
/// infinity.
template <class T>
std::string JsonNumber(T value);

/// Rows of values on standard output, which are there when a call returns.
class StreamOutput {
 public:
  explicit StreamOutput(StreamFormat format)
      : format_(format),
        file_("-"),
        grows_(format == StreamFormat::kNpyStream && file_.CanSeek()) {}

  /// What the JSON of row number `row` begins with, such as "\"frame\": 0, \"time_s\": 0.0".
  using Label = std::function<std::string(std::int64_t row)>;

  /// Throws Error(kOutput).
  template <class T>
  void Write(std::span<const T> values, int columns, const Label& label);

  /// To be called once where the rows were written with no error: .npy has a shape for no rows,
  /// too.
  template <class T>
  void End(int columns);

  std::int64_t rows() const noexcept { return rows_; }

 private:
  template <class T>
  void AppendArray(std::span<const T> values, int columns);
  template <class T>
  void WriteHeader(int columns);
  template <class T>
  void AppendLines(std::span<const T> values, int columns, const Label& label);
  template <class T>
  void AppendBytes(std::span<const T> values);
  void Flush();

  const StreamFormat format_;
  AtomicFile file_;
  const bool grows_;  // one array, whose header says what is there
  std::string buffer_;
  std::int64_t rows_ = 0;
};

}  // namespace ossicle::cli
