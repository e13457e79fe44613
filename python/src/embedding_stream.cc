#include "ossicle/embedding_stream.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "engine_object.h"
#include "requests.h"
#include "samples.h"
#include "stream_options.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

/// ossicle.EmbeddingStream.
class EmbeddingStreamObject {
 public:
  EmbeddingStreamObject(EngineObject& engine, const StreamOptions& options)
      : stream_(*engine.Get(), options) {}

  nb::tuple Push(nb::handle object) {
    const Samples samples(object);
    const SoleUse use(state_);
    use.CheckOpen();
    std::vector<float> copy;
    const std::span<const float> signal = samples.Signal(0, copy);
    return Collect([&](const EmbeddingStream::Sink& sink) { stream_.Push(signal, sink); });
  }

  nb::tuple Finish() {
    const SoleUse use(state_);
    use.CheckOpen();
    return Collect([&](const EmbeddingStream::Sink& sink) { stream_.Finish(sink); });
  }

  void Reset() {
    const SoleUse use(state_);
    use.CheckOpen();
    stream_.Reset();
  }

  void Close() { SoleUse(state_).Close(); }

  std::string Statistics() {
    const SoleUse use(state_);
    return ToJson(stream_.statistics());
  }

  std::int64_t lookahead_samples() const noexcept { return stream_.lookahead_samples(); }

 private:
  template <class Work>
  nb::tuple Collect(Work work) {
    std::vector<float> values;
    std::vector<double> times;
    std::size_t size = 0;
    {
      const nb::gil_scoped_release release;
      work([&](const StreamEmbedding& embedding) {
        values.insert(values.end(), embedding.values.begin(), embedding.values.end());
        times.push_back(embedding.start_s);
        times.push_back(embedding.end_s);
        size = embedding.values.size();
        StopAtSignals();
      });
    }
    const std::size_t count = times.size() / 2;
    if (count == 0) size = static_cast<std::size_t>(stream_.embedding_size());
    return nb::make_tuple(ToArray(std::move(values), {count, size}),
                          ToArray(std::move(times), {count, 2}));
  }

  EmbeddingStream stream_;
  StreamState state_;
};

}  // namespace

void BindEmbeddingStream(nb::module_& module) {
  nb::class_<EmbeddingStreamObject>(module, "EmbeddingStream", "Live sound to embeddings.")
      .def(
          "__init__",
          [](EmbeddingStreamObject* self, EngineObject& engine, nb::handle sample_rate_hz,
             nb::handle statistics) {
            new (self) EmbeddingStreamObject(engine, StreamOptionsOf(sample_rate_hz, statistics));
          },
          "engine"_a, "sample_rate_hz"_a.none(), "statistics"_a.none())
      .def("push", &EmbeddingStreamObject::Push, nb::arg("samples").none())
      .def("finish", &EmbeddingStreamObject::Finish)
      .def("reset", &EmbeddingStreamObject::Reset)
      .def("close", &EmbeddingStreamObject::Close)
      .def("statistics_json", &EmbeddingStreamObject::Statistics)
      .def_prop_ro("lookahead_samples", &EmbeddingStreamObject::lookahead_samples);
}

}  // namespace ossicle::python
