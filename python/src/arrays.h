#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace ossicle::python {

/// A new NumPy array over memory that it owns from now on.
template <class T>
nanobind::object OwningArray(T* data, const std::vector<std::size_t>& shape,
                             nanobind::capsule owner) {
  return nanobind::cast(
      nanobind::ndarray<nanobind::numpy, T>(data, shape.size(), shape.data(), std::move(owner)));
}

/// A NumPy array of `shape` in C order, over `values`, without a copy.
template <class T>
nanobind::object ToArray(std::vector<T> values, const std::vector<std::size_t>& shape) {
  auto held = std::make_unique<std::vector<T>>(std::move(values));
  std::vector<T>* raw = held.get();
  nanobind::capsule owner(
      raw, [](void* memory) noexcept { delete static_cast<std::vector<T>*>(memory); });
  held.release();
  return OwningArray(raw->data(), shape, std::move(owner));
}

/// A NumPy array of `shape` that nobody has filled yet, and its memory.
template <class T>
std::pair<nanobind::object, T*> EmptyArray(const std::vector<std::size_t>& shape) {
  std::size_t size = 1;
  for (const std::size_t extent : shape) size *= extent;
  auto held = std::make_unique_for_overwrite<T[]>(size);
  T* raw = held.get();
  nanobind::capsule owner(raw, [](void* memory) noexcept { delete[] static_cast<T*>(memory); });
  held.release();
  return {OwningArray(raw, shape, std::move(owner)), raw};
}

}  // namespace ossicle::python
