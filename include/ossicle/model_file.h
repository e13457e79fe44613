#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/encoder.h"
#include "ossicle/spec.h"

namespace ossicle {

/// How sound becomes the input of a model: what PackModel() put into its file.
struct ModelMetadata {
  FrontendSpec frontend;
  WindowRule windows;
  std::string graph_sha256;  ///< of the graph that was packed: 64 hexadecimal digits
  std::string packed_by;     ///< the version of Ossicle: "0.1.0"
};

/// An input or output, as the file declares it.
struct ModelPort {
  std::string name;
  std::string type;  ///< of its elements, "float32"; for what is no tensor "sequence", "map", ...
  std::vector<std::int64_t> shape;           ///< -1 where free
  std::vector<std::string> dimension_names;  ///< of each dimension; "" if it has none
};

/// What an ONNX file says of itself. No runtime is needed, and no weights are read.
struct ModelFile {
  std::string path;
  std::string producer;  ///< name and version; "" if not said
  std::int64_t ir_version = 0;
  std::vector<std::pair<std::string, std::int64_t>> opsets;  ///< domain ("": ONNX's own), version
  std::vector<ModelPort> inputs;                             ///< those that have no initial value
  std::vector<ModelPort> outputs;
  std::vector<std::string> external_files;  ///< with weights, relative to the model's folder
  /// The entries of metadata_props that begin with "ossicle.".
  std::vector<std::pair<std::string, std::string>> properties;

  /// What was packed, or nothing if there are no `properties`. Throws Error(kModel) that names the
  /// entry, its value and what is legal; of a newer Ossicle, it names that version.
  std::optional<ModelMetadata> Metadata() const;

  /// Throws Error(kModel) unless `graph_sha256`, of the graph as it is, is that of `packed`.
  void CheckGraph(const ModelMetadata& packed, const std::string& graph_sha256) const;

  /// Throws Error(kModel) unless the model has one float32 input, which takes windows of
  /// `spec` by `rule`, and an output: Encoder::Check without the runtime.
  void CheckFits(const FrontendSpec& spec, const WindowRule& rule) const;
};

/// Throws Error(kModel): no such file, not ONNX, cut off.
ModelFile ReadModelFile(const std::string& path);

/// SHA-256 of the graph's bytes as they stand in the file: of ModelProto's field 7, without its tag
/// and length. `between_blocks` may throw to stop. Throws Error(kModel) as ReadModelFile().
std::string GraphSha256(const std::string& path,
                        const std::function<void()>& between_blocks = nullptr);

}  // namespace ossicle
