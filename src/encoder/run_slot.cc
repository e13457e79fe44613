#include "encoder/run_slot.h"

#include <algorithm>
#include <utility>

#include "ossicle/error.h"

namespace ossicle {

namespace {

std::size_t WindowValues(const WindowPlan& plan) {
  return static_cast<std::size_t>(plan.length) * static_cast<std::size_t>(plan.bands);
}

}  // namespace

void RunSlot::Prepare(const WindowPlan& plan) {
  const bool is_same = !bound_.empty() && plan_.input.shape == plan.input.shape &&
                       plan_.input.batch_is_free == plan.input.batch_is_free;
  if (is_same && plan_.input.layout == plan.input.layout) return;
  bound_.clear();
  plan_ = plan;
  const auto batch = static_cast<std::size_t>(plan.input.batch());
  input_.resize(batch * WindowValues(plan));
  output_.resize(batch * static_cast<std::size_t>(plan.embedding_size));
  bound_.resize(batch);
}

FeatureView<float> RunSlot::Window(std::int64_t i) {
  float* data = input_.data() + static_cast<std::size_t>(i) * WindowValues(plan_);
  return MakeView(data, plan_.length, plan_.bands, plan_.input.layout);
}

void RunSlot::Fill(std::int64_t count, std::int64_t given) {
  const std::size_t values = WindowValues(plan_);
  for (std::int64_t i = count; i < given; ++i) {
    std::copy_n(Window(count - 1).data, values, Window(i).data);
  }
}

RunSlot::Embeddings RunSlot::Run(std::int64_t count) {
  const std::int64_t given = plan_.input.Given(count);
  Fill(count, given);
  Bound& bound = bound_[static_cast<std::size_t>(given - 1)];
  if (bound.input == nullptr) {
    ort::Shape shape = plan_.input.shape;
    shape[0] = given;
    const auto values = static_cast<std::size_t>(given) * WindowValues(plan_);
    bound.input = session_.MakeTensor({input_.data(), values}, shape);
  }
  const bool is_first = bound.output == nullptr;
  session_.Run(bound.input, bound.output);
  if (is_first) KeepFirst(bound, given);
  const auto wanted = static_cast<std::size_t>(count * plan_.embedding_size);
  return {{output_.data(), wanted}, plan_.embedding_size};
}

/// The runtime made the output of the first run of so many windows; the next are written into ours.
void RunSlot::KeepFirst(Bound& bound, std::int64_t given) {
  const ort::Owned<OrtValue> made = std::exchange(bound.output, {nullptr, nullptr});
  const ort::Session::TensorView view = session_.View(made);
  const int size = SizeOf(view, given);
  if (plan_.embedding_size == 0) {
    output_.resize(static_cast<std::size_t>(plan_.input.batch() * size));
    plan_.embedding_size = size;
  }
  std::ranges::copy(view.values, output_.begin());
  bound.output = session_.MakeTensor({output_.data(), view.values.size()}, view.shape);
}

int RunSlot::SizeOf(const ort::Session::TensorView& output, std::int64_t given) const {
  const auto values = static_cast<std::int64_t>(output.values.size());
  const bool per_window = given == 1 || (!output.shape.empty() && output.shape[0] == given);
  const auto size = static_cast<int>(per_window ? values / given : 0);
  if (size > 0 && (plan_.embedding_size == 0 || size == plan_.embedding_size)) return size;
  throw Error(Code::kModel,
              "the model \"" + session_.path() + "\" gave " + ort::ToString(output.shape) +
                  " for " + std::to_string(given) +
                  " windows, but an encoder gives one embedding for each, always of the same size");
}

}  // namespace ossicle
