#include "command.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "bindings.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace ossicle::python {

void BindCommand(nb::module_& module) {
  module.def(
      "run_command",
      [](std::vector<std::string> arguments) {
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        return cli::RunCommand(static_cast<int>(arguments.size()), argv.data());
      },
      "arguments"_a, nb::call_guard<nb::gil_scoped_release>(),
      "The ossicle command, once in a process: takes over the signals; gives the exit code.");
}

}  // namespace ossicle::python
