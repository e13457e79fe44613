#pragma once

#include <nanobind/nanobind.h>

namespace ossicle::python {

void BindErrors(nanobind::module_& module);
void BindSpecs(nanobind::module_& module);
void BindFrontend(nanobind::module_& module);
void BindStream(nanobind::module_& module);
void BindEncoder(nanobind::module_& module);
void BindEngine(nanobind::module_& module);
void BindCompare(nanobind::module_& module);
void BindAudio(nanobind::module_& module);
void BindCommand(nanobind::module_& module);

}  // namespace ossicle::python
