#pragma once

#include <memory>
#include <utility>

#include "c/threads.h"
#include "ossicle/engine.h"
#include "ossicle/ossicle.h"

struct ossicle_engine {
  explicit ossicle_engine(ossicle::Model opened) : model(std::move(opened)) {}

  const ossicle::Model model;
  const std::shared_ptr<ossicle::c::Threads> threads =
      std::make_shared<ossicle::c::Threads>(model.encoder.options().workers);
};
