#include "ossicle/embedding_stream.h"

#include <atomic>
#include <memory>

#include "c/arguments.h"
#include "c/call.h"
#include "c/engine.h"
#include "c/handles.h"
#include "c/waiting.h"

struct ossicle_embedding_stream {
  ossicle_embedding_stream(const ossicle::Model& model, const ossicle::StreamOptions& options)
      : stream(model, options) {}

  void Add(const ossicle::StreamEmbedding& embedding) {
    row = embedding.values.size();
    values.Back().insert(values.Back().end(), embedding.values.begin(), embedding.values.end());
    start_s.Back().push_back(embedding.start_s);
    end_s.Back().push_back(embedding.end_s);
  }

  ossicle::EmbeddingStream stream;
  std::size_t row = 0;  ///< values of an embedding, once one has come
  ossicle::c::Waiting<float> values;
  ossicle::c::Waiting<double> start_s;  ///< of each embedding that waits
  ossicle::c::Waiting<double> end_s;
  mutable std::atomic_flag taken;
};

namespace {

using ossicle::c::Call;
using ossicle::c::CallStream;

void Tell(const ossicle_embedding_stream& self, std::size_t* waiting) {
  if (waiting != nullptr) *waiting = self.start_s.size();
}

ossicle::EmbeddingStream::Sink SinkOf(ossicle_embedding_stream& self) {
  return [&self](const ossicle::StreamEmbedding& embedding) { self.Add(embedding); };
}

}  // namespace

ossicle_status ossicle_embedding_stream_create(const ossicle_engine* engine,
                                               const ossicle_stream_options* options,
                                               ossicle_embedding_stream** stream) {
  return Call([&] {
    auto& result = ossicle::c::Result(stream, "stream");
    result = ossicle::c::Publish(std::make_unique<ossicle_embedding_stream>(
        ossicle::c::Deref(engine, "engine").model, ossicle::c::GivenStreamOptions(options)));
  });
}

ossicle_status ossicle_embedding_stream_free(ossicle_embedding_stream* stream) {
  return Call([&] { ossicle::c::Free(stream, "stream"); });
}

ossicle_status ossicle_embedding_stream_lookahead(const ossicle_embedding_stream* stream,
                                                  int64_t* samples) {
  return CallStream(stream, [&](const ossicle_embedding_stream& self) {
    ossicle::c::Result(samples, "samples") = self.stream.lookahead_samples();
  });
}

ossicle_status ossicle_embedding_stream_push(ossicle_embedding_stream* stream, const float* samples,
                                             size_t count, size_t* waiting) {
  return CallStream(stream, [&](ossicle_embedding_stream& self) {
    self.stream.Push(ossicle::c::GivenSamples(samples, count), SinkOf(self));
    Tell(self, waiting);
  });
}

ossicle_status ossicle_embedding_stream_finish(ossicle_embedding_stream* stream, size_t* waiting) {
  return CallStream(stream, [&](ossicle_embedding_stream& self) {
    self.stream.Finish(SinkOf(self));
    Tell(self, waiting);
  });
}

ossicle_status ossicle_embedding_stream_pull(ossicle_embedding_stream* stream, float* embeddings,
                                             size_t capacity, double* start_s, double* end_s,
                                             size_t* written) {
  return CallStream(stream, [&](ossicle_embedding_stream& self) {
    auto& result = ossicle::c::Result(written, "written");
    const std::size_t count =
        ossicle::c::RowsToTake(self.start_s.size(), self.row, embeddings, capacity);
    self.values.Take(count * self.row, embeddings);
    self.start_s.Take(count, start_s);
    self.end_s.Take(count, end_s);
    result = count;
  });
}

ossicle_status ossicle_embedding_stream_reset(ossicle_embedding_stream* stream) {
  return CallStream(stream, [](ossicle_embedding_stream& self) {
    self.stream.Reset();
    self.values.Clear();
    self.start_s.Clear();
    self.end_s.Clear();
  });
}
