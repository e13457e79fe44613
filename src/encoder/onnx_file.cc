#include "encoder/onnx_file.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "encoder/sha256.h"

namespace ossicle {

namespace {

using protobuf::Field;
using protobuf::Fields;
using protobuf::File;
using protobuf::Range;

// Limits far beyond any real model, so that a hostile file cannot fill the memory.
constexpr std::size_t kMaxNameBytes = std::size_t{1} << 16;
constexpr std::size_t kMaxPropertyBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxEntries = std::size_t{1} << 20;
constexpr std::size_t kMaxDimensions = 64;

// TensorProto::DataType.
constexpr std::array kElementTypes = {
    "undefined",      "float32",    "uint8",          "int8",       "uint16",   "int16",
    "int32",          "int64",      "string",         "bool",       "float16",  "float64",
    "uint32",         "uint64",     "complex64",      "complex128", "bfloat16", "float8e4m3fn",
    "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",      "int4",     "float4e2m1"};

std::string ElementType(std::uint64_t type) {
  if (type < kElementTypes.size()) return kElementTypes[static_cast<std::size_t>(type)];
  return "type " + std::to_string(type);
}

template <class Entries>
void CheckCount(const File& file, const Entries& entries, const Field& field) {
  if (entries.size() < kMaxEntries) return;
  file.FailAt(field.record.begin,
              "there are more than " + std::to_string(kMaxEntries) + " entries of one kind");
}

class ModelReader {
 public:
  ModelReader(File& file, OnnxLayout* layout) : file_(file), layout_(layout) {}

  ModelFile Read() {
    model_.path = file_.path();
    Fields fields(file_, file_.whole());
    Field field;
    while (fields.Next(field)) ReadTop(field);
    if (!has_graph_) file_.FailAt(file_.bytes(), "it has ended without a graph");
    if (model_.ir_version == 0) file_.FailAt(file_.bytes(), "it has ended without an ir_version");
    std::erase_if(model_.inputs,
                  [this](const ModelPort& port) { return initialized_.contains(port.name); });
    model_.external_files.assign(external_files_.begin(), external_files_.end());
    return std::move(model_);
  }

 private:
  std::string Name(const Field& field) const { return file_.Text(field.content, kMaxNameBytes); }

  void ReadTop(const Field& field) {
    bool ours = false;
    if (field.IsVarint(1)) model_.ir_version = static_cast<std::int64_t>(field.value);
    if (field.IsBytes(2)) model_.producer.insert(0, Name(field));
    if (field.IsBytes(3) && field.content.size() > 0) model_.producer += " " + Name(field);
    if (field.IsBytes(7)) ReadGraph(field.content);
    if (field.IsBytes(8)) ReadOpset(field);
    if (field.IsBytes(14)) ours = ReadProperty(field);
    if (layout_ != nullptr && !ours) Keep(field.record);
    if (layout_ != nullptr && field.IsBytes(7)) layout_->graphs.push_back(field.content);
  }

  void Keep(const Range& record) const {
    std::vector<Range>& kept = layout_->kept;
    if (!kept.empty() && kept.back().end == record.begin) {
      kept.back().end = record.end;
    } else {
      kept.push_back(record);
    }
  }

  void ReadOpset(const Field& opset) {
    CheckCount(file_, model_.opsets, opset);
    auto& [domain, version] = model_.opsets.emplace_back();
    Fields fields(file_, opset.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) domain = Name(field);
      if (field.IsVarint(2)) version = static_cast<std::int64_t>(field.value);
    }
  }

  /// Whether it is ours.
  bool ReadProperty(const Field& property) {
    Range key;
    Range value;
    Fields fields(file_, property.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) key = field.content;
      if (field.IsBytes(2)) value = field.content;
    }
    if (key.size() > kMaxNameBytes) return false;
    std::string name = file_.Text(key, kMaxNameBytes);
    if (!name.starts_with(kPropertyPrefix)) return false;
    CheckCount(file_, model_.properties, property);
    model_.properties.emplace_back(std::move(name), file_.Text(value, kMaxPropertyBytes));
    return true;
  }

  void ReadGraph(const Range& graph) {
    has_graph_ = true;
    Fields fields(file_, graph);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(5)) ReadInitializer(field);
      if (field.IsBytes(11)) ReadPort(field, model_.inputs);
      if (field.IsBytes(12)) ReadPort(field, model_.outputs);
      if (field.IsBytes(15)) ReadSparseInitializer(field);
    }
  }

  void ReadInitializer(const Field& tensor) {
    CheckCount(file_, initialized_, tensor);
    constexpr std::uint64_t kExternal = 1;
    bool is_external = false;
    std::string location;
    Fields fields(file_, tensor.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(8)) initialized_.insert(Name(field));
      if (field.IsBytes(13)) ReadLocation(field, location);
      if (field.IsVarint(14)) is_external = field.value == kExternal;
    }
    if (is_external && !location.empty()) external_files_.insert(location);
  }

  void ReadLocation(const Field& entry, std::string& location) const {
    std::string key;
    std::string value;
    Fields fields(file_, entry.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) key = Name(field);
      if (field.IsBytes(2)) value = Name(field);
    }
    if (key == "location") location = value;
  }

  /// SparseTensorProto: the name is that of its values.
  void ReadSparseInitializer(const Field& tensor) {
    Fields fields(file_, tensor.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) ReadInitializer(field);
    }
  }

  /// ValueInfoProto.
  void ReadPort(const Field& value, std::vector<ModelPort>& ports) const {
    CheckCount(file_, ports, value);
    ModelPort port;
    Fields fields(file_, value.content);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) port.name = Name(field);
      if (field.IsBytes(2)) ReadType(field.content, port);
    }
    ports.push_back(std::move(port));
  }

  /// TypeProto.
  void ReadType(const Range& type, ModelPort& port) const {
    Fields fields(file_, type);
    Field field;
    while (fields.Next(field)) {
      if (field.IsBytes(1)) ReadTensorType(field.content, port);
      if (field.IsBytes(4)) port.type = "sequence";
      if (field.IsBytes(5)) port.type = "map";
      if (field.IsBytes(7)) port.type = "opaque";
      if (field.IsBytes(8)) port.type = "sparse tensor";
      if (field.IsBytes(9)) port.type = "optional";
    }
  }

  void ReadTensorType(const Range& tensor, ModelPort& port) const {
    Fields fields(file_, tensor);
    Field field;
    while (fields.Next(field)) {
      if (field.IsVarint(1)) port.type = ElementType(field.value);
      if (field.IsBytes(2)) ReadShape(field.content, port);
    }
  }

  void ReadShape(const Range& shape, ModelPort& port) const {
    Fields dimensions(file_, shape);
    Field dimension;
    while (dimensions.Next(dimension)) {
      if (!dimension.IsBytes(1)) continue;
      if (port.shape.size() == kMaxDimensions) {
        file_.FailAt(dimension.record.begin,
                     "a tensor has more than " + std::to_string(kMaxDimensions) + " dimensions");
      }
      std::int64_t size = -1;
      std::string name;
      Fields fields(file_, dimension.content);
      Field field;
      while (fields.Next(field)) {
        if (field.IsVarint(1)) size = static_cast<std::int64_t>(field.value);
        if (field.IsBytes(2)) name = Name(field);
      }
      port.shape.push_back(std::max<std::int64_t>(size, -1));
      port.dimension_names.push_back(std::move(name));
    }
  }

  File& file_;
  OnnxLayout* const layout_;
  ModelFile model_;
  bool has_graph_ = false;
  std::set<std::string, std::less<>> initialized_;
  std::set<std::string, std::less<>> external_files_;
};

}  // namespace

ModelFile ParseModelFile(File& file, OnnxLayout* layout) {
  return ModelReader(file, layout).Read();
}

std::string PropertyRecord(const std::string& key, const std::string& value) {
  return protobuf::BytesField(14, protobuf::BytesField(1, key) + protobuf::BytesField(2, value));
}

void ForEachBlock(const File& file, const Range& range,
                  const std::function<void(const std::string& block)>& use) {
  constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;
  std::string block;
  for (std::uint64_t at = range.begin; at < range.end; at += block.size()) {
    block.resize(static_cast<std::size_t>(std::min(kBlockBytes, range.end - at)));
    file.Read(at, block.data(), block.size());
    use(block);
  }
}

ModelFile ReadModelFile(const std::string& path) {
  File file(path);
  return ParseModelFile(file);
}

std::string GraphSha256(const File& file, const OnnxLayout& layout,
                        const std::function<void()>& between_blocks) {
  Sha256 sha256;
  for (const Range& graph : layout.graphs) {
    ForEachBlock(file, graph, [&](const std::string& block) {
      if (between_blocks) between_blocks();
      sha256.Update(block.data(), block.size());
    });
  }
  return sha256.Digest();
}

std::string GraphSha256(const std::string& path, const std::function<void()>& between_blocks) {
  File file(path);
  OnnxLayout layout;
  ParseModelFile(file, &layout);
  return GraphSha256(file, layout, between_blocks);
}

}  // namespace ossicle
