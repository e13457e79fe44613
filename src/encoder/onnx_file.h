#pragma once

#include <functional>
#include <string>
#include <vector>

#include "encoder/protobuf.h"
#include "ossicle/model_file.h"

namespace ossicle {

/// Entries of metadata_props with this in front are ours.
inline constexpr char kPropertyPrefix[] = "ossicle.";

/// Where the parts of an ONNX file lie.
struct OnnxLayout {
  std::vector<protobuf::Range> graphs;  ///< contents of field 7; protobuf joins several
  /// What stays when our properties are taken out, in order: the records of all other fields.
  std::vector<protobuf::Range> kept;
};

/// ReadModelFile() of a file that is open. `layout` is filled in if it is not null.
ModelFile ParseModelFile(protobuf::File& file, OnnxLayout* layout = nullptr);

/// GraphSha256() of a file that is open.
std::string GraphSha256(const protobuf::File& file, const OnnxLayout& layout,
                        const std::function<void()>& between_blocks);

/// An entry of metadata_props, as it stands in the file.
std::string PropertyRecord(const std::string& key, const std::string& value);

/// Calls `use` with each block of `range`.
void ForEachBlock(const protobuf::File& file, const protobuf::Range& range,
                  const std::function<void(const std::string& block)>& use);

}  // namespace ossicle
