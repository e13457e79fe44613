#pragma once

#include <memory>
#include <utility>

#include "c/threads.h"
#include "ossicle/frontend.h"
#include "ossicle/ossicle.h"
#include "ossicle/scratch_pool.h"

struct ossicle_frontend {
  ossicle_frontend(ossicle::Frontend compiled, std::shared_ptr<ossicle::c::Threads> shared)
      : frontend(std::move(compiled)), threads(std::move(shared)) {}

  const ossicle::Frontend frontend;
  const std::shared_ptr<ossicle::c::Threads> threads;
  mutable ossicle::ScratchPool scratch{frontend, threads->count()};
};
