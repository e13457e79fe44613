#include <nanobind/stl/string.h>

#include "bindings.h"
#include "ossicle/version.h"

NB_MODULE(_core, module) {
  using namespace ossicle;
  module.doc() = "The engine. What is public is in the package `ossicle`.";
  module.def("version", &Version, "The version of the engine.");
  module.def("git_hash", &GitHash, "The commit that was built, or \"unknown\".");
  python::BindErrors(module);
  python::BindSpecs(module);
  python::BindFrontend(module);
  python::BindStream(module);
  python::BindEncoder(module);
  python::BindEngine(module);
  python::BindCompare(module);
  python::BindAudio(module);
  python::BindCommand(module);
}
