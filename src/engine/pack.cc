#include <filesystem>

#include "encoder/model_metadata.h"
#include "encoder/onnx_file.h"
#include "ossicle/engine.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "ossicle/version.h"

namespace ossicle {

namespace {

namespace fs = std::filesystem;
using protobuf::File;

/// Standard output has no folder: its reader knows where the weights are.
void CheckExternalFiles(const ModelFile& model, const std::string& output) {
  if (output == "-") return;
  const fs::path folder = fs::path(output).parent_path();
  for (const std::string& name : model.external_files) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) continue;
    throw Error(Code::kModel, "the model \"" + model.path + "\" keeps weights in \"" + name +
                                  "\", which must lie beside it, but \"" +
                                  (folder / name).string() +
                                  "\" does not exist; copy it there first, or name an output in "
                                  "the model's own folder");
  }
}

}  // namespace

ModelMetadata PackModel(const std::string& path, const FrontendSpec& spec,
                        const WindowRule& windows, const std::string& output, bool overwrite,
                        const std::function<void()>& between_blocks) {
  File model_bytes(path);
  OnnxLayout layout;
  const ModelFile model = ParseModelFile(model_bytes, &layout);
  model.CheckFits(spec, windows);
  CheckExternalFiles(model, output);
  AtomicFile file(output, overwrite);
  const ModelMetadata metadata{spec, windows, GraphSha256(model_bytes, layout, between_blocks),
                               Version()};
  for (const protobuf::Range& range : layout.kept) {
    ForEachBlock(model_bytes, range, [&](const std::string& block) {
      if (between_blocks) between_blocks();
      file.Write(block.data(), block.size());
    });
  }
  for (const auto& [key, value] : PropertiesOf(metadata)) {
    const std::string record = PropertyRecord(key, value);
    file.Write(record.data(), record.size());
  }
  file.Commit();
  return metadata;
}

}  // namespace ossicle
