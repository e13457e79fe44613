#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ossicle/features.h"
#include "ossicle/spec.h"
#include "ossicle/workers.h"

namespace ossicle {

/// What happens where the frames end before the last window does.
enum class Tail {
  kDrop,   ///< a window that does not fit is left out
  kAlign,  ///< one more window, made of the last `length` frames
  kPad,    ///< windows go on while they start inside; the last frame is repeated to fill them
};

/// "drop", "align" or "pad".
std::string ToString(Tail tail);
/// The other way round. Throws Error(kInvalidSpec) that lists them.
Tail ParseTail(std::string_view text);

/// Cuts frames into windows: window i starts at frame first + floor(i * step_numerator /
/// step_denominator).
struct WindowRule {
  int length = 76;           ///< frames; 1..2^20
  int step_numerator = 8;    ///< 1..2^20
  int step_denominator = 1;  ///< 1..2^20
  int first = 0;             ///< frame of the first window; 0..2^20
  Tail tail = Tail::kDrop;

  bool operator==(const WindowRule&) const = default;

  /// Parses "LENGTH:STEP" or "LENGTH:STEP:FIRST"; STEP is an integer or a fraction such as 80/25.
  /// Throws Error(kInvalidSpec) that names the part, its value and what is legal.
  static WindowRule Parse(std::string_view text);
  std::string ToString() const;
  void Validate() const;

  /// Windows that `frames` frames (0..2^42) give. kDrop: all that fit. kAlign: those and one more
  /// (0 if frames < length). kPad: all that start before `frames`. Throws Error(kShape) out of
  /// range.
  std::int64_t Count(std::int64_t frames) const;

  /// Throws Error(kShape) that says how many frames are needed, unless Count(frames) > 0.
  void CheckFrames(std::int64_t frames) const;

  /// First frame of window i < Count(frames); with kAlign, the last one starts at frames - length.
  std::int64_t Start(std::int64_t i, std::int64_t frames) const;
};

/// The ONNX Runtime that was found.
struct OnnxRuntimeInfo {
  std::string version;
  std::string path;
  std::vector<std::string> providers;
};

/// Finds and opens ONNX Runtime >= 1.20, once in a process: the first that was opened stays. `path`
/// or, if that is empty, $OSSICLE_ONNXRUNTIME is the only place when it is set. Otherwise it is
/// searched in this order: libonnxruntime.so.1 beside the running program or in ../lib/ossicle from
/// there, the `onnxruntime` package of the active Python environment ($VIRTUAL_ENV, or the one that
/// holds the running program), and the loader's own path.
/// Throws Error(kModel) that lists what was tried and how to install it.
OnnxRuntimeInfo LoadOnnxRuntime(const std::string& path = "");

/// How far ONNX Runtime rewrites the model's graph when it is loaded.
enum class GraphOptimization { kNone, kBasic, kExtended, kAll };

struct EncoderOptions {
  int workers = 0;     ///< runs at the same time, one thread each; 0: one a core; 1..256
  int max_batch = 16;  ///< windows of one run, fewer if they were over 16 MiB; 1..1024
  /// Every run has max_batch windows, repeated where there are fewer: for models whose values
  /// depend on the number of windows that they are computed with.
  bool batch_invariant = false;
  /// Copies of the model, for providers whose session serves one call at a time; 1..16.
  int sessions = 1;
  /// In order of preference: "cpu", or another that this ONNX Runtime offers, such as "cuda",
  /// "openvino", "coreml". What the first cannot run falls to the next, at last to the CPU.
  std::vector<std::string> providers = {"cpu"};
  GraphOptimization graph_optimization = GraphOptimization::kAll;
  /// Where the optimised model is kept, and found again; "": nowhere. Providers that compile the
  /// graph themselves, such as "openvino", leave nothing to keep.
  std::string cache_folder = "";
};

/// A window in the caller's memory. Frames beyond both parts are the last one again.
struct WindowView {
  FeatureView<const float> first;
  FeatureView<const float> rest = {};  ///< what follows it elsewhere; may be empty
};

/// Called between runs of a model, from the calling thread, with the windows done so far. Throw
/// from it to stop; the exception is passed on.
using EncoderProgress = std::function<void(std::int64_t windows)>;

struct EncoderCore;

/// An ONNX model that takes windows of features and gives one embedding for each. Immutable: share
/// one object between all threads; all of them use one session.
class Encoder {
 public:
  /// Loads the model and reads the shapes of its one input and first output.
  /// Throws Error(kModel): no ONNX Runtime, no such file, not ONNX, several inputs, not float32, a
  /// provider that is not there; Error(kInvalidSpec) for options out of range, Error(kOutput) for a
  /// cache that cannot be written.
  explicit Encoder(const std::string& model_path, const EncoderOptions& options = {});

  const EncoderOptions& options() const noexcept;

  const std::string& model_path() const noexcept;
  /// As the model declares it; -1 where a dimension is free.
  const std::vector<std::int64_t>& input_shape() const noexcept;

  /// How windows of length x bands go into the model: batch first, then frames and bands in either
  /// order, with any number of dimensions of 1 anywhere. Where both orders fit, that of `layout` is
  /// taken. Throws Error(kModel) that prints both shapes if they do not go together.
  void Check(const WindowRule& rule, int bands, Layout layout) const;

  /// Values in an embedding; 0 until the first Encode if the model leaves it open.
  int embedding_size() const noexcept;

  /// One embedding per window: rule.Count(features.frames()) rows of embedding_size() values, dealt
  /// evenly to the workers. Throws Error(kShape) if there are too few frames for one window,
  /// Error(kModel) as Check() does and when the runtime fails.
  struct Result {
    std::vector<float> values;
    std::int64_t windows = 0;
    int embedding_size = 0;
    std::int64_t not_finite = 0;  ///< windows whose embedding holds a NaN or an infinity
  };
  Result Encode(const Features<float>& features, const WindowRule& rule, Workers* workers = nullptr,
                const EncoderProgress& progress = nullptr) const;

  /// The same for windows that the caller has cut, rule.length frames of `bands` bands each, of
  /// which `layout` decides as in Check(). Appends to `out`, all or nothing; returns how many of
  /// the embeddings hold a NaN or an infinity. Throws Error(kShape) for a window without frames or
  /// with other bands.
  std::int64_t Encode(std::span<const WindowView> windows, const WindowRule& rule, int bands,
                      Layout layout, std::vector<float>& out, Workers* workers = nullptr,
                      const EncoderProgress& progress = nullptr) const;

 private:
  friend class EncoderQueue;
  std::shared_ptr<EncoderCore> core_;
};

}  // namespace ossicle
