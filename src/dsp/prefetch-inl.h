// Fetches memory that will be needed soon. Included once per target.
#if defined(OSSICLE_DSP_PREFETCH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_PREFETCH_INL_H_
#undef OSSICLE_DSP_PREFETCH_INL_H_
#else
#define OSSICLE_DSP_PREFETCH_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Rows of memory, fetched a few at a time between other work. No memory is touched: rows beyond
/// the last do no harm.
class Prefetcher {
 public:
  Prefetcher() = default;
  /// `rows` rows of `row_bytes`, `stride` bytes apart, in `steps` steps.
  Prefetcher(const void* first, std::size_t rows, std::size_t row_bytes, std::ptrdiff_t stride,
             int steps)
      : row_(static_cast<const char*>(first)),
        stride_(stride),
        lines_((row_bytes + kLineBytes - 1) / kLineBytes),
        rows_a_step_((rows + static_cast<std::size_t>(steps) - 1) /
                     static_cast<std::size_t>(steps)) {}

  HWY_INLINE void Step() {
    for (std::size_t left = rows_a_step_; left > 0; --left, row_ += stride_) {
      hwy::Prefetch(row_);
      for (std::size_t line = 1; line < lines_; ++line) hwy::Prefetch(row_ + line * kLineBytes);
    }
  }

  static constexpr std::size_t kLineBytes = 64;

 private:
  const char* row_ = nullptr;
  std::ptrdiff_t stride_ = 0;
  std::size_t lines_ = 0;
  std::size_t rows_a_step_ = 0;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
