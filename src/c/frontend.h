#pragma once

#include <memory>
#include <utility>

#include "c/scratch_pool.h"
#include "c/threads.h"
#include "ossicle/frontend.h"
#include "ossicle/ossicle.h"

struct ossicle_frontend {
  ossicle_frontend(ossicle::Frontend compiled, std::shared_ptr<ossicle::c::Threads> shared)
      : frontend(std::move(compiled)), threads(std::move(shared)) {}

  const ossicle::Frontend frontend;
  const std::shared_ptr<ossicle::c::Threads> threads;
  mutable ossicle::c::ScratchPool scratch{frontend, threads->count()};
};
