#include "ossicle/stream.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.h"
#include "arrays.h"
#include "bindings.h"
#include "frontend_object.h"
#include "samples.h"
#include "stream_options.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {

StreamOptions StreamOptionsOf(nb::handle sample_rate_hz, nb::handle statistics) {
  StreamOptions options;
  if (!sample_rate_hz.is_none()) options.input_rate_hz = RateOf(sample_rate_hz, 0);
  if (nb::isinstance<nb::bytes>(statistics)) {
    const auto json = nb::borrow<nb::bytes>(statistics);
    options.statistics = StreamStatistics{
        .mode = StatisticsMode::kFrozen, .frozen = StatisticsFromJson({json.c_str(), json.size()})};
  } else if (!statistics.is_none()) {
    options.statistics =
        StreamStatistics::Parse(TextOf(statistics, "statistics", "the name of a mode"));
  }
  return options;
}

namespace {

/// ossicle.Stream without its iterator.
class StreamObject {
 public:
  StreamObject(const FrontendObject& frontend, const StreamOptions& options)
      : stream_(Make(frontend, options)) {}

  nb::object Push(nb::handle object) {
    const Samples samples(object);
    const SoleUse use(state_);
    use.CheckOpen();
    return std::visit(
        [&]<class T>(Stream<T>& stream) {
          std::vector<T> frames;
          std::vector<float> copy;
          const std::span<const float> signal = samples.Signal(0, copy);
          {
            const nb::gil_scoped_release release;
            stream.Push(signal, frames);
          }
          return Rows(stream, std::move(frames));
        },
        stream_);
  }

  nb::object Finish() {
    const SoleUse use(state_);
    use.CheckOpen();
    return std::visit(
        [&]<class T>(Stream<T>& stream) {
          std::vector<T> frames;
          {
            const nb::gil_scoped_release release;
            stream.Finish(frames);
          }
          return Rows(stream, std::move(frames));
        },
        stream_);
  }

  void Reset() {
    const SoleUse use(state_);
    use.CheckOpen();
    std::visit([](auto& stream) { stream.Reset(); }, stream_);
  }

  void Close() { SoleUse(state_).Close(); }

  std::string Statistics() {
    const SoleUse use(state_);
    return std::visit([](auto& stream) { return ToJson(stream.statistics()); }, stream_);
  }

  template <class Read>
  auto Get(Read read) {
    const SoleUse use(state_);
    return std::visit(read, stream_);
  }

 private:
  using AnyStream = std::variant<Stream<float>, Stream<double>>;

  static AnyStream Make(const FrontendObject& frontend, const StreamOptions& options) {
    if (frontend.is_double()) return Stream<double>(frontend.frontend(), options);
    return Stream<float>(frontend.frontend(), options);
  }

  template <class T>
  static nb::object Rows(const Stream<T>& stream, std::vector<T> frames) {
    const auto bands = static_cast<std::size_t>(stream.bands());
    const std::size_t count = frames.size() / bands;
    return ToArray(std::move(frames), {count, bands});
  }

  AnyStream stream_;
  StreamState state_;
};

}  // namespace

void BindStream(nb::module_& module) {
  nb::class_<StreamObject>(module, "Stream", "A live signal through a front end.")
      .def(
          "__init__",
          [](StreamObject* self, const FrontendObject& frontend, nb::handle sample_rate_hz,
             nb::handle statistics) {
            new (self) StreamObject(frontend, StreamOptionsOf(sample_rate_hz, statistics));
          },
          "frontend"_a, "sample_rate_hz"_a.none(), "statistics"_a.none())
      .def("push", &StreamObject::Push, nb::arg("samples").none())
      .def("finish", &StreamObject::Finish)
      .def("reset", &StreamObject::Reset)
      .def("close", &StreamObject::Close)
      .def("statistics_json", &StreamObject::Statistics)
      .def_prop_ro("lookahead_samples",
                   [](StreamObject& self) {
                     return self.Get([](auto& stream) { return stream.lookahead_samples(); });
                   })
      .def_prop_ro("samples",
                   [](StreamObject& self) {
                     return self.Get([](auto& stream) { return stream.samples(); });
                   })
      .def_prop_ro("frames", [](StreamObject& self) {
        return self.Get([](auto& stream) { return stream.frames(); });
      });
  module.def(
      "needs_statistics",
      [](const FrontendObject& frontend) { return NeedsStatistics(frontend.frontend().spec()); },
      "frontend"_a);
}

}  // namespace ossicle::python
