#include "command.h"

#include <nanobind/nanobind.h>
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
      [](const std::vector<nb::bytes>& given) {
        std::vector<std::string> arguments;
        for (const nb::bytes& argument : given) {
          arguments.emplace_back(argument.c_str(), argument.size());
        }
        const nb::gil_scoped_release release;
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        return cli::RunCommand(static_cast<int>(arguments.size()), argv.data());
      },
      "arguments"_a,
      "The ossicle command, once in a process: takes over the signals; gives the exit code.");
}

}  // namespace ossicle::python
