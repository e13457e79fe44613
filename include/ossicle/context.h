#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ossicle {

/// What a context holds where it goes beyond the first or the last row: the rules of two renderers.
enum class ContextEdge {
  kZeros,   ///< zeros
  kRepeat,  ///< the first row; but where it goes beyond the last row, the last row throughout
};

/// "zeros" or "repeat".
std::string ToString(ContextEdge edge);
/// The other way round. Throws Error(kInvalidSpec) that lists them.
ContextEdge ParseContextEdge(std::string_view text);

/// What a lip-sync renderer takes for each video frame: the embeddings around it.
struct ContextRule {
  int rows = 16;  ///< of row i: i - rows/2 .. i + rows/2 - 1; even, 2..1024
  ContextEdge edge = ContextEdge::kZeros;

  bool operator==(const ContextRule&) const = default;

  /// Throws Error(kInvalidSpec).
  void Validate() const;
};

/// Calls `sink` with the context of each row of a matrix with rows of `size` values, in order:
/// rule.rows * size values, valid during the call. Together they are an array of (n, rows, size).
/// Throws Error(kInvalidSpec) as Validate() does, Error(kShape) if `values` are no whole rows.
void ForEachContext(std::span<const float> values, int size, const ContextRule& rule,
                    const std::function<void(std::span<const float>)>& sink);

/// The matrix with its first row once more before it and its last one behind it, as SyncTalk stores
/// embeddings: n + 2 rows. Throws Error(kShape) if `values` are no whole rows, or none.
std::vector<float> PadEnds(std::span<const float> values, int size);

}  // namespace ossicle
