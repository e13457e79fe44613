#include "ossicle/engine.h"
#include "ossicle/error.h"
#include "ossicle/model_file.h"

namespace ossicle {

namespace {

std::optional<ModelMetadata> CheckedMetadata(const std::string& path) {
  const ModelFile file = ReadModelFile(path);
  std::optional<ModelMetadata> metadata = file.Metadata();
  if (metadata) file.CheckGraph(*metadata, GraphSha256(path));
  return metadata;
}

[[noreturn]] void ThrowUnpacked(const std::string& path, const ModelChoices& choices) {
  const std::string missing = choices.frontend  ? "windows"
                              : choices.windows ? "frontend"
                                                : "frontend and windows";
  throw Error(Code::kInvalidSpec, "the model \"" + path + "\" has no front end inside; pass " +
                                      missing + ", or pack the model (ossicle pack)");
}

FrontendSpec ChosenSpec(FrontendSpec spec, const ModelChoices& choices) {
  if (choices.resampler) spec.resampler = *choices.resampler;
  if (choices.downmix) spec.downmix = *choices.downmix;
  return spec;
}

}  // namespace

Model OpenModel(const std::string& path, const ModelChoices& choices) {
  const bool all_chosen = choices.frontend && choices.windows && choices.tail;
  const std::optional<ModelMetadata> packed = all_chosen ? std::nullopt : CheckedMetadata(path);
  if (!packed && (!choices.frontend || !choices.windows)) ThrowUnpacked(path, choices);
  WindowRule windows = choices.windows ? *choices.windows : packed->windows;
  windows.tail = choices.tail ? *choices.tail : packed ? packed->windows.tail : Tail::kDrop;
  const FrontendSpec& spec = choices.frontend ? *choices.frontend : packed->frontend;
  Model model{Frontend(ChosenSpec(spec, choices)), windows, Encoder(path, choices.encoder),
              packed.has_value()};
  try {
    model.encoder.Check(windows, model.frontend.bands(), model.frontend.spec().layout);
  } catch (const Error& error) {
    if (choices.frontend && choices.windows) throw;
    throw Error(error.code(), std::string(error.what()) +
                                  "; they come from its own metadata, so it may be packed again");
  }
  return model;
}

Encoding Encode(const InputRequest& input, const Model& model, Workers* workers,
                const ProgressFunction& progress) {
  return Encode(input, model.frontend, model.encoder, model.windows, workers, progress);
}

}  // namespace ossicle
