#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace ossicle::test {

/// Writes small ONNX models: just enough of the protobuf encoding of onnx.proto.
class OnnxWriter {
 public:
  static constexpr int kFloat = 1;
  static constexpr int kInt64 = 7;
  static constexpr std::int64_t kFree = -1;  ///< a dimension with a name instead of a value
  using Shape = std::vector<std::int64_t>;

  OnnxWriter& Input(const std::string& name, const Shape& shape, int type = kFloat) {
    graph_ += Bytes(11, Value(name, shape, type));
    return *this;
  }
  OnnxWriter& Output(const std::string& name, const Shape& shape, int type = kFloat) {
    graph_ += Bytes(12, Value(name, shape, type));
    return *this;
  }
  /// `attributes`: what IntsAttribute() and IntAttribute() return, one after the other.
  OnnxWriter& Node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::string& output, const std::string& attributes = "") {
    std::string node;
    for (const std::string& input : inputs) node += Bytes(1, input);
    graph_ += Bytes(1, node + Bytes(2, output) + Bytes(4, op) + attributes);
    return *this;
  }
  OnnxWriter& Constant(const std::string& name, const Shape& shape,
                       const std::vector<float>& values) {
    std::string tensor;
    for (const std::int64_t size : shape) tensor += Integer(1, size);
    const std::string raw(reinterpret_cast<const char*>(values.data()),
                          values.size() * sizeof(float));
    graph_ += Bytes(5, tensor + Integer(2, kFloat) + Bytes(8, name) + Bytes(9, raw));
    return *this;
  }

  /// An entry of metadata_props.
  OnnxWriter& Property(const std::string& key, const std::string& value) {
    return Top(Bytes(14, Bytes(1, key) + Bytes(2, value)));
  }
  /// Any field of the model, and of its graph.
  OnnxWriter& Top(const std::string& record) {
    top_ += record;
    return *this;
  }
  OnnxWriter& InGraph(const std::string& record) {
    graph_ += record;
    return *this;
  }

  static std::string IntsAttribute(const std::string& name, const Shape& values) {
    std::string ints;
    for (const std::int64_t value : values) ints += Integer(8, value);
    return Bytes(5, Bytes(1, name) + ints + Integer(20, 7));
  }
  static std::string IntAttribute(const std::string& name, std::int64_t value) {
    return Bytes(5, Bytes(1, name) + Integer(3, value) + Integer(20, 2));
  }

  std::string Graph() const { return graph_ + Bytes(2, "test"); }
  std::string Model() const {
    const std::string opset = Bytes(1, "") + Integer(2, 13);
    return Integer(1, 8) + Bytes(8, opset) + Bytes(7, Graph()) + top_;
  }
  /// Returns `path`.
  std::string Save(const std::string& path) const {
    std::ofstream(path, std::ios::binary) << Model();
    return path;
  }

  // Protobuf's encoding.
  static std::string Varint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7f) | 0x80);
    return bytes + static_cast<char>(value);
  }
  static std::string Integer(int field, std::int64_t value) {
    return Varint(static_cast<std::uint64_t>(field) << 3) +
           Varint(static_cast<std::uint64_t>(value));
  }
  static std::string Bytes(int field, const std::string& content) {
    return Varint(static_cast<std::uint64_t>(field) << 3 | 2) + Varint(content.size()) + content;
  }

 private:
  static std::string Value(const std::string& name, const Shape& shape, int type) {
    std::string dimensions;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::string free = Bytes(2, name + std::to_string(i));
      dimensions += Bytes(1, shape[i] == kFree ? free : Integer(1, shape[i]));
    }
    const std::string tensor = Integer(1, type) + Bytes(2, dimensions);
    return Bytes(1, name) + Bytes(2, Bytes(1, tensor));
  }

  std::string graph_;
  std::string top_;
};

}  // namespace ossicle::test
