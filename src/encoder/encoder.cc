#include "ossicle/encoder.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <span>
#include <utility>

#include "encoder/model_input.h"
#include "encoder/onnx_session.h"
#include "encoder/onnxruntime.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

/// Values for each window of a batch that the model promises; 0 if it leaves them open.
int DeclaredEmbeddingSize(const ort::Session& session) {
  const ort::Shape& output = session.output_shape();
  if (output.empty()) return 0;
  const std::int64_t batch = session.input_shape().empty() ? -1 : session.input_shape()[0];
  std::int64_t values = 1;
  for (std::size_t i = batch == 1 ? 0 : 1; i < output.size(); ++i) {
    if (output[i] < 0) return 0;
    values *= output[i];
  }
  return static_cast<int>(values);
}

/// One call of Encode(): the windows of one matrix, cut into batches.
class Encoding {
 public:
  Encoding(const ort::Session& session, const ModelInput& input, const Features<float>& features,
           const WindowRule& rule, int embedding_size)
      : session_(session),
        input_(input),
        rule_(rule),
        blocks_(features.Blocks()),
        frames_(features.frames()),
        bands_(features.bands()) {
    result_.windows = rule.Count(frames_);
    rule.CheckFrames(frames_);
    if (embedding_size > 0) Allocate(embedding_size);
  }

  Encoder::Result Run(Workers* workers) {
    std::int64_t first = 0;
    if (result_.embedding_size == 0) {  // the first batch tells it
      std::vector<float> buffer;
      RunBatch(first++, buffer);
    }
    const std::int64_t count = Batches() - first;
    if (count > 0) Deal(first, count, workers);
    return std::move(result_);
  }

 private:
  std::int64_t Batches() const { return (result_.windows + input_.batch() - 1) / input_.batch(); }

  /// Each worker takes a run of consecutive batches.
  void Deal(std::int64_t first, std::int64_t count, Workers* workers) {
    const std::int64_t active = std::min<std::int64_t>(workers ? workers->count() : 1, count);
    const auto job = [&](int worker) {
      std::vector<float> buffer;
      const std::int64_t end = first + count * (worker + 1) / active;
      for (std::int64_t i = first + count * worker / active; i < end; ++i) RunBatch(i, buffer);
    };
    if (active == 1) return job(0);
    workers->Run(static_cast<int>(active), job);
  }

  void RunBatch(std::int64_t index, std::vector<float>& buffer) {
    const std::int64_t first = index * input_.batch();
    const std::int64_t wanted = std::min(input_.batch(), result_.windows - first);
    const std::int64_t given = input_.batch_is_free ? wanted : input_.batch();
    const std::size_t window_values = static_cast<std::size_t>(rule_.length) * bands_;
    buffer.resize(static_cast<std::size_t>(given) * window_values);
    for (std::int64_t i = 0; i < given; ++i) {
      const std::int64_t window = first + std::min(i, wanted - 1);
      CopyWindow(rule_.Start(window, frames_), buffer.data() + i * window_values);
    }
    ort::Shape shape = input_.shape;
    shape[0] = given;
    Keep(session_.Run(buffer, shape), first, wanted, given);
  }

  /// Frames behind the last one are the last one again.
  void CopyWindow(std::int64_t start, float* out) const {
    const FeatureView<float> target = MakeView(out, rule_.length, bands_, input_.layout);
    for (int i = 0; i < rule_.length; ++i) {
      const std::int64_t frame = std::min(start + i, frames_ - 1);
      const FeatureView<float>& block =
          blocks_[static_cast<std::size_t>(frame / Features<float>::kBlockFrames)];
      const std::int64_t row = frame % Features<float>::kBlockFrames;
      for (int band = 0; band < bands_; ++band) target.at(i, band) = block.at(row, band);
    }
  }

  void Keep(const ort::Session::Output& output, std::int64_t first, std::int64_t wanted,
            std::int64_t given) {
    const auto values = static_cast<std::int64_t>(output.values.size());
    const bool per_window = given == 1 || (!output.shape.empty() && output.shape[0] == given);
    const std::int64_t size = per_window ? values / given : 0;
    if (result_.embedding_size == 0 && size > 0) Allocate(static_cast<int>(size));
    if (size == 0 || size != result_.embedding_size) {
      throw Error(Code::kModel, "the model \"" + session_.path() + "\" gave " +
                                    ort::ToString(output.shape) + " for " + std::to_string(given) +
                                    " windows, but an encoder gives one embedding for each, always "
                                    "of the same size");
    }
    std::copy_n(output.values.begin(), wanted * size, result_.values.begin() + first * size);
  }

  void Allocate(int embedding_size) {
    result_.embedding_size = embedding_size;
    result_.values.resize(static_cast<std::size_t>(result_.windows) * embedding_size);
  }

  const ort::Session& session_;
  const ModelInput& input_;
  const WindowRule& rule_;
  const std::vector<FeatureView<float>> blocks_;
  const std::int64_t frames_;
  const int bands_;
  Encoder::Result result_;
};

}  // namespace

struct Encoder::State {
  State(const std::string& path, const EncoderOptions& chosen)
      : options(chosen),
        session(ort::Runtime::Get(), path),
        declared_size(DeclaredEmbeddingSize(session)),
        embedding_size(declared_size) {}

  ModelInput Match(const WindowRule& rule, int bands, Layout layout) const {
    rule.Validate();
    std::optional<ModelInput> input =
        MatchModelInput(session.input_shape(), rule.length, bands, layout);
    if (input) return *std::move(input);
    throw Error(Code::kModel, DescribeMismatch(session.path(), session.input_shape(), rule.length,
                                               bands, layout));
  }

  const EncoderOptions options;
  const ort::Session session;
  const int declared_size;
  std::atomic<int> embedding_size;
};

Encoder::Encoder(const std::string& model_path, const EncoderOptions& options)
    : state_(std::make_shared<State>(model_path, options)) {}

const EncoderOptions& Encoder::options() const noexcept { return state_->options; }

const std::string& Encoder::model_path() const noexcept { return state_->session.path(); }

const std::vector<std::int64_t>& Encoder::input_shape() const noexcept {
  return state_->session.input_shape();
}

void Encoder::Check(const WindowRule& rule, int bands, Layout layout) const {
  state_->Match(rule, bands, layout);
}

int Encoder::embedding_size() const noexcept { return state_->embedding_size; }

Encoder::Result Encoder::Encode(const Features<float>& features, const WindowRule& rule,
                                Workers* workers) const {
  const ModelInput input = state_->Match(rule, features.bands(), features.layout());
  Encoding encoding(state_->session, input, features, rule, state_->declared_size);
  Result result = encoding.Run(workers);
  state_->embedding_size = result.embedding_size;
  return result;
}

}  // namespace ossicle
