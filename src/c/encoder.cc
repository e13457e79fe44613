#include "c/encoder.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "c/arguments.h"
#include "c/call.h"
#include "c/handles.h"
#include "c/structs.h"
#include "encoder/option_range.h"
#include "encoder/window_copy.h"

namespace ossicle::c {

namespace {

constexpr std::size_t kMostDimension = std::size_t{1} << 20;

const ossicle_encoder& Self(const ossicle_encoder* handle) { return Deref(handle, "encoder"); }

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t comma = list.find(',');
    names.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return names;
    list.remove_prefix(comma + 1);
  }
}

GraphOptimization GivenOptimization(std::int32_t value) {
  switch (value) {
    case OSSICLE_GRAPH_ALL:
      return GraphOptimization::kAll;
    case OSSICLE_GRAPH_NONE:
      return GraphOptimization::kNone;
    case OSSICLE_GRAPH_BASIC:
      return GraphOptimization::kBasic;
    case OSSICLE_GRAPH_EXTENDED:
      return GraphOptimization::kExtended;
    default:
      throw Refusal(OSSICLE_INVALID_SPEC,
                    "graph_optimization=" + std::to_string(value) + ", but it must be 0..3");
  }
}

/// Throws Refusal(OSSICLE_INVALID_ARGUMENT) unless the product of all can be addressed.
void CheckDimensions(std::size_t count, std::size_t frames, std::size_t bands) {
  const bool is_whole = bands >= 1 && bands <= kMostDimension;
  if (is_whole && frames <= PTRDIFF_MAX / sizeof(float) / bands &&
      (frames == 0 || count <= PTRDIFF_MAX / sizeof(float) / bands / frames)) {
    return;
  }
  throw Refusal(OSSICLE_INVALID_ARGUMENT,
                "there are " + std::to_string(count) + " x " + std::to_string(frames) + " x " +
                    std::to_string(bands) +
                    " values, but bands must be 1..2^20, and memory must have room for all");
}

/// Of each window, as WindowRule takes it.
int GivenLength(std::size_t length) {
  if (length >= 1 && length <= kMostDimension) return static_cast<int>(length);
  throw Refusal(OSSICLE_INVALID_SPEC, "length=" + std::to_string(length) +
                                          ", but a window has 1..2^20 frames; cut shorter windows");
}

/// What both kinds of encoding end with.
struct Output {
  float* embeddings;
  std::size_t capacity;
  std::size_t* needed;
  std::size_t* not_finite;
};

void Encode(const ossicle_encoder& self, std::span<const WindowView> windows,
            const WindowRule& rule, int bands, Layout layout, const Output& out) {
  const auto size = static_cast<std::size_t>(self.encoder.embedding_size());
  if (size > 0) CheckRoom(windows.size() * size, out.embeddings, out.capacity, out.needed);
  std::vector<float> values;
  const std::int64_t not_finite =
      self.encoder.Encode(windows, rule, bands, layout, values, self.threads.Get());
  Give(std::span<const float>(values), out.embeddings, out.capacity, out.needed);
  if (out.not_finite != nullptr) *out.not_finite = static_cast<std::size_t>(not_finite);
}

/// `count` windows of `length` frames, one after the other.
std::vector<WindowView> WindowsInARow(const float* windows, std::size_t count, std::size_t length,
                                      int bands, Layout layout) {
  std::vector<WindowView> views(count);
  for (WindowView& view : views) {
    view.first = MakeView(windows, static_cast<std::int64_t>(length), bands, layout);
    windows += length * static_cast<std::size_t>(bands);
  }
  return views;
}

}  // namespace

EncoderOptions GivenEncoderOptions(const ossicle_encoder_options* given) {
  const ossicle_encoder_options options = ReadOptions(given, "ossicle_encoder_options");
  CheckReserved(options.reserved);
  CheckRange("encoder", "batch_invariant", options.batch_invariant, 0, 1);
  EncoderOptions made;
  made.workers = options.workers;
  if (options.max_batch != 0) made.max_batch = options.max_batch;
  made.batch_invariant = options.batch_invariant == 1;
  if (options.sessions != 0) made.sessions = options.sessions;
  if (options.providers != nullptr) made.providers = Split(options.providers);
  if (options.cache_folder != nullptr) made.cache_folder = options.cache_folder;
  made.graph_optimization = GivenOptimization(options.graph_optimization);
  return made;
}

}  // namespace ossicle::c

using ossicle::WindowRule;
using ossicle::c::Call;
using ossicle::c::Self;

ossicle_status ossicle_encoder_create(const char* model_path,
                                      const ossicle_encoder_options* options,
                                      ossicle_encoder** encoder) {
  return Call([&] {
    auto& result = ossicle::c::Result(encoder, "encoder");
    ossicle::c::Require(model_path, "model_path");
    result = ossicle::c::Publish(std::make_unique<ossicle_encoder>(
        ossicle::Encoder(model_path, ossicle::c::GivenEncoderOptions(options))));
  });
}

ossicle_status ossicle_encoder_free(ossicle_encoder* encoder) {
  return Call([&] { ossicle::c::Free(encoder, "encoder"); });
}

ossicle_status ossicle_encoder_input_shape(const ossicle_encoder* encoder, int64_t* shape,
                                           size_t capacity, size_t* needed) {
  return Call([&] {
    ossicle::c::Give<std::int64_t>(Self(encoder).encoder.input_shape(), shape, capacity, needed);
  });
}

ossicle_status ossicle_encoder_embedding_size(const ossicle_encoder* encoder, size_t* size) {
  return Call([&] {
    auto& result = ossicle::c::Result(size, "size");
    result = static_cast<std::size_t>(Self(encoder).encoder.embedding_size());
  });
}

ossicle_status ossicle_encoder_encode_windows(const ossicle_encoder* encoder, const float* windows,
                                              size_t count, size_t length, size_t bands,
                                              int32_t layout, float* embeddings, size_t capacity,
                                              size_t* needed, size_t* not_finite) {
  return Call([&] {
    const ossicle_encoder& self = Self(encoder);
    const ossicle::Layout order = ossicle::c::GivenLayout(layout);
    ossicle::c::CheckDimensions(count, length, bands);
    const auto values = ossicle::c::Given(windows, count * length * bands, "windows");
    WindowRule rule;
    rule.length = ossicle::c::GivenLength(length);
    const int width = static_cast<int>(bands);
    const auto views = ossicle::c::WindowsInARow(values.data(), count, length, width, order);
    ossicle::c::Encode(self, views, rule, width, order, {embeddings, capacity, needed, not_finite});
  });
}

ossicle_status ossicle_encoder_encode_features(const ossicle_encoder* encoder,
                                               const float* features, size_t frames, size_t bands,
                                               int32_t layout, const char* rule, const char* tail,
                                               float* embeddings, size_t capacity, size_t* needed,
                                               size_t* not_finite) {
  return Call([&] {
    const ossicle_encoder& self = Self(encoder);
    const ossicle::Layout order = ossicle::c::GivenLayout(layout);
    ossicle::c::CheckDimensions(1, frames, bands);
    const auto values = ossicle::c::Given(features, frames * bands, "features");
    ossicle::c::Require(rule, "rule");
    WindowRule parsed = WindowRule::Parse(rule);
    if (tail != nullptr) parsed.tail = ossicle::ParseTail(tail);
    const int width = static_cast<int>(bands);
    const auto windows = ossicle::CutWindows(
        MakeView(values.data(), static_cast<std::int64_t>(frames), width, order), parsed);
    ossicle::c::Encode(self, windows, parsed, width, order,
                       {embeddings, capacity, needed, not_finite});
  });
}
