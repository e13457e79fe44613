#include "ossicle/encoder.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "arrays.h"
#include "bindings.h"
#include "encoder_options.h"
#include "ossicle/error.h"
#include "requests.h"
#include "text.h"
#include "worker_pool.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {
namespace {

constexpr const char* kOptimizations = "\"none\", \"basic\", \"extended\" or \"all\"";

GraphOptimization OptimizationOf(const std::string& name) {
  if (name == "none") return GraphOptimization::kNone;
  if (name == "basic") return GraphOptimization::kBasic;
  if (name == "extended") return GraphOptimization::kExtended;
  if (name == "all") return GraphOptimization::kAll;
  throw Error(Code::kInvalidSpec, "graph_optimization is \"" + name + "\"; give " + kOptimizations);
}

}  // namespace

EncoderOptions EncoderOptionsOf(const nb::dict& fields) {
  EncoderOptions options;
  for (const auto& [key, value] : fields) {
    const std::string name = TextOf(key, "the name of an encoder option", "text");
    const std::string full = "the encoder option " + name;
    const char* option = full.c_str();
    if (name == "workers") {
      options.workers = WholeOf<int>(value, option, kWorkers);
    } else if (name == "max_batch") {
      options.max_batch = WholeOf<int>(value, option, "1..1024");
    } else if (name == "batch_invariant") {
      options.batch_invariant = ValueOf<bool>(value, option, "True or False");
    } else if (name == "sessions") {
      options.sessions = WholeOf<int>(value, option, "1..16");
    } else if (name == "providers") {
      options.providers =
          ValueOf<std::vector<std::string>>(value, option, "a list of names, such as [\"cpu\"]");
    } else if (name == "graph_optimization") {
      options.graph_optimization = OptimizationOf(TextOf(value, option, kOptimizations));
    } else if (name == "cache_folder") {
      options.cache_folder = PathOf(value, Code::kInvalidSpec);
    } else {
      throw Error(Code::kInvalidSpec, "there is no encoder option \"" + name +
                                          "\"; there are workers, max_batch, batch_invariant, "
                                          "sessions, providers, graph_optimization, cache_folder");
    }
  }
  return options;
}

namespace {

using Windows = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;

/// (windows, frames, bands) or (windows, bands, frames).
Windows WindowsOf(nb::handle object) {
  Windows windows;
  if (!nb::try_cast(object, windows, true)) {
    PyErr_Clear();
    throw nb::type_error(("windows are a " + TypeName(object) +
                          "; give an array of float32 in the CPU's memory, in C order")
                             .c_str());
  }
  if (windows.ndim() == 3) return windows;
  std::vector<std::size_t> shape;
  for (std::size_t i = 0; i < windows.ndim(); ++i) shape.push_back(windows.shape(i));
  throw Error(Code::kShape, "windows have the shape " + ShapeText(shape) +
                                "; give three dimensions: windows, frames and bands");
}

/// ossicle.Encoder.
class EncoderObject {
 public:
  EncoderObject(std::string path, EncoderOptions options)
      : path_(std::move(path)), options_(std::move(options)), pool_(options_.workers) {
    Get();
  }

  std::shared_ptr<Encoder> Get() {
    return encoder_.Get([this] { return std::make_shared<Encoder>(path_, options_); });
  }

  nb::object Encode(nb::handle object, nb::handle layout_name) {
    const Windows windows = WindowsOf(object);
    const Layout layout =
        ParseLayout(TextOf(layout_name, "layout", "\"frames-first\" or \"bands-first\""));
    const bool bands_first = layout == Layout::kBandsFirst;
    const std::size_t count = windows.shape(0);
    const auto length = static_cast<std::int64_t>(windows.shape(bands_first ? 2 : 1));
    const auto bands = static_cast<int>(windows.shape(bands_first ? 1 : 2));
    const std::shared_ptr<Encoder> encoder = Get();
    const std::shared_ptr<Workers> workers = pool_.Get();

    std::vector<float> values;
    {
      const nb::gil_scoped_release release;
      std::vector<WindowView> views(count);
      for (std::size_t i = 0; i < count; ++i) {
        const float* window = windows.data() + i * windows.shape(1) * windows.shape(2);
        views[i].first = MakeView(window, length, bands, layout);
      }
      const WindowRule rule{.length = static_cast<int>(length)};
      encoder->Encode(views, rule, bands, layout, values, workers.get(),
                      [](std::int64_t) { StopAtSignals(); });
    }
    const std::size_t size =
        count == 0 ? static_cast<std::size_t>(encoder->embedding_size()) : values.size() / count;
    return ToArray(std::move(values), {count, size});
  }

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  EncoderOptions options_;
  WorkerPool pool_;
  ProcessLocal<Encoder> encoder_;
};

}  // namespace

void BindEncoder(nb::module_& module) {
  nb::class_<OnnxRuntimeInfo>(module, "OnnxRuntimeInfo", "The ONNX Runtime that was found.")
      .def_ro("version", &OnnxRuntimeInfo::version, "Such as \"1.20.1\".")
      .def_prop_ro(
          "path", [](const OnnxRuntimeInfo& info) { return PathObject(info.path); },
          "Of the library.")
      .def_ro("providers", &OnnxRuntimeInfo::providers, "What it can run models with, by name.")
      .def("__repr__", [](const OnnxRuntimeInfo& info) {
        return nb::str("OnnxRuntimeInfo(version={!r}, path={!r})")
            .format(info.version, PathObject(info.path));
      });
  module.def(
      "load_onnxruntime",
      [](nb::handle path) { return LoadOnnxRuntime(PathOf(path, Code::kModel)); }, "path"_a);
  nb::class_<EncoderObject>(module, "Encoder", "An ONNX model: windows to embeddings.")
      .def(
          "__init__",
          [](EncoderObject* self, nb::handle path, const nb::dict& options) {
            new (self) EncoderObject(PathOf(path, Code::kModel), EncoderOptionsOf(options));
          },
          "path"_a.none(), "options"_a)
      .def("encode", &EncoderObject::Encode, nb::arg("windows").none(), "layout"_a.none())
      .def_prop_ro("path", [](const EncoderObject& self) { return PathObject(self.path()); })
      .def_prop_ro("input_shape", [](EncoderObject& self) { return self.Get()->input_shape(); })
      .def_prop_ro("embedding_size",
                   [](EncoderObject& self) { return self.Get()->embedding_size(); });
}

}  // namespace ossicle::python
