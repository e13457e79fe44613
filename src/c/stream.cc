#include "ossicle/stream.h"

#include <atomic>
#include <memory>
#include <span>

#include "c/arguments.h"
#include "c/call.h"
#include "c/frontend.h"
#include "c/handles.h"
#include "c/structs.h"
#include "c/waiting.h"

struct ossicle_stream {
  ossicle_stream(const ossicle::Frontend& frontend, const ossicle::StreamOptions& options)
      : stream(frontend, options) {}

  std::size_t bands() const { return static_cast<std::size_t>(stream.bands()); }

  ossicle::Stream<float> stream;
  ossicle::c::Waiting<float> frames;
  mutable std::atomic_flag taken;
};

namespace {

using ossicle::c::Call;
using ossicle::c::CallStream;

void Tell(const ossicle_stream& self, std::size_t* waiting) {
  if (waiting != nullptr) *waiting = self.frames.size();
}

}  // namespace

ossicle_status ossicle_stream_create(const ossicle_frontend* frontend,
                                     const ossicle_stream_options* options,
                                     ossicle_stream** stream) {
  return Call([&] {
    auto& result = ossicle::c::Result(stream, "stream");
    result = ossicle::c::Publish(std::make_unique<ossicle_stream>(
        ossicle::c::Deref(frontend, "frontend").frontend, ossicle::c::GivenStreamOptions(options)));
  });
}

ossicle_status ossicle_stream_free(ossicle_stream* stream) {
  return Call([&] { ossicle::c::Free(stream, "stream"); });
}

ossicle_status ossicle_stream_get_info(const ossicle_stream* stream, ossicle_stream_info* info) {
  return CallStream(stream, [&](const ossicle_stream& self) {
    ossicle::c::WriteInfo({0, self.stream.bands(), 0, self.stream.lookahead_samples(),
                           self.stream.samples(), self.stream.frames()},
                          "ossicle_stream_info", info);
  });
}

ossicle_status ossicle_stream_push(ossicle_stream* stream, const float* samples, size_t count,
                                   size_t* waiting) {
  return CallStream(stream, [&](ossicle_stream& self) {
    self.stream.Push(ossicle::c::GivenSamples(samples, count), self.frames.Back());
    Tell(self, waiting);
  });
}

ossicle_status ossicle_stream_finish(ossicle_stream* stream, size_t* waiting) {
  return CallStream(stream, [&](ossicle_stream& self) {
    self.stream.Finish(self.frames.Back());
    Tell(self, waiting);
  });
}

ossicle_status ossicle_stream_pull(ossicle_stream* stream, float* frames, size_t capacity,
                                   size_t* written) {
  return CallStream(stream, [&](ossicle_stream& self) {
    auto& result = ossicle::c::Result(written, "written");
    const std::size_t row = self.bands();
    const std::size_t count =
        row * ossicle::c::RowsToTake(self.frames.size() / row, row, frames, capacity);
    self.frames.Take(count, frames);
    result = count;
  });
}

ossicle_status ossicle_stream_reset(ossicle_stream* stream) {
  return CallStream(stream, [](ossicle_stream& self) {
    self.stream.Reset();
    self.frames.Clear();
  });
}

ossicle_status ossicle_stream_statistics(const ossicle_stream* stream, char* json, size_t capacity,
                                         size_t* needed) {
  return CallStream(stream, [&](const ossicle_stream& self) {
    ossicle::c::GiveText(ossicle::ToJson(self.stream.statistics()), json, capacity, needed);
  });
}
