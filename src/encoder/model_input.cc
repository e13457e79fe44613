#include "encoder/model_input.h"

#include <algorithm>
#include <vector>

namespace ossicle {

namespace {

constexpr std::int64_t kMaxBatchValues = std::int64_t{1} << 22;

bool Fits(std::int64_t declared, std::int64_t wanted) { return declared < 0 || declared == wanted; }

std::int64_t FreeBatch(int length, int bands, std::int64_t max_batch) {
  const std::int64_t values = std::int64_t{length} * bands;
  return std::clamp(kMaxBatchValues / values, std::int64_t{1}, max_batch);
}

/// The declared shape filled in: `outer` at dimension p, `inner` at q, 1 at the others.
std::optional<ort::Shape> Fill(const ort::Shape& declared, std::size_t p, std::int64_t outer,
                               std::size_t q, std::int64_t inner) {
  ort::Shape shape(declared.size(), 1);
  shape[p] = outer;
  shape[q] = inner;
  for (std::size_t i = 1; i < declared.size(); ++i) {
    if (!Fits(declared[i], shape[i])) return std::nullopt;
  }
  return shape;
}

/// Dimensions other than 1 and free ones that `shape` meets: the more, the surer the match.
std::ptrdiff_t Agreement(const ort::Shape& declared, const ort::Shape& shape) {
  std::ptrdiff_t count = 0;
  for (std::size_t i = 1; i < declared.size(); ++i)
    count += declared[i] > 1 && declared[i] == shape[i];
  return count;
}

std::string WindowText(std::int64_t frames, std::int64_t bands) {
  return std::to_string(frames) + " frames x " + std::to_string(bands) + " bands";
}

}  // namespace

std::optional<ModelInput> MatchModelInput(const ort::Shape& declared, int length, int bands,
                                          Layout preferred, int max_batch) {
  const Layout other =
      preferred == Layout::kFramesFirst ? Layout::kBandsFirst : Layout::kFramesFirst;
  std::optional<ModelInput> best;
  std::ptrdiff_t best_agreement = -1;
  for (const Layout layout : {preferred, other}) {
    const bool frames_first = layout == Layout::kFramesFirst;
    // From the back: [N, ?, ?, ?] is a picture of one channel, [N, 1, frames, bands].
    for (std::size_t q = declared.size(); q-- > 2;) {
      for (std::size_t p = q; p-- > 1;) {
        std::optional<ort::Shape> shape =
            Fill(declared, p, frames_first ? length : bands, q, frames_first ? bands : length);
        if (!shape || Agreement(declared, *shape) <= best_agreement) continue;
        best_agreement = Agreement(declared, *shape);
        const bool free = declared[0] < 0;
        (*shape)[0] = free ? FreeBatch(length, bands, max_batch) : declared[0];
        best = ModelInput{std::move(*shape), layout, free};
      }
    }
  }
  return best;
}

std::string DescribeMismatch(const std::string& model_path, const ort::Shape& declared, int length,
                             int bands, Layout preferred) {
  std::string message = "the model \"" + model_path + "\" takes " + ort::ToString(declared) +
                        ", but windows of " + WindowText(length, bands) + " were asked for; ";
  std::vector<std::int64_t> sides;
  for (std::size_t i = 1; i < declared.size(); ++i) {
    if (declared[i] != 1) sides.push_back(declared[i]);
  }
  if (sides.size() != 2) {
    return message +
           "an encoder takes [batch, frames, bands] or [batch, bands, frames], with dimensions of "
           "1 anywhere after the batch";
  }
  const auto cure = [&](std::int64_t want_frames, std::int64_t want_bands) {
    std::string text;
    if (!Fits(want_frames, length)) text = "windows " + std::to_string(want_frames) + ":STEP";
    if (Fits(want_bands, bands)) return text;
    if (!text.empty()) text += " and ";
    return text + "a front end with " + std::to_string(want_bands) + " bands";
  };
  const std::int64_t outer = sides[0];
  const std::int64_t inner = sides[1];
  const bool surely_frames_first = Fits(outer, length) || Fits(inner, bands);
  const bool surely_bands_first = Fits(outer, bands) || Fits(inner, length);
  if (surely_frames_first) return message + "pass " + cure(outer, inner);
  if (surely_bands_first) return message + "pass " + cure(inner, outer);
  const bool frames_first = preferred == Layout::kFramesFirst;
  return message + "pass " + (frames_first ? cure(outer, inner) : cure(inner, outer)) +
         ", or, if the model means it the other way round, " +
         (frames_first ? cure(inner, outer) : cure(outer, inner));
}

}  // namespace ossicle
