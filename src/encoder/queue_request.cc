#include "encoder/queue_request.h"

namespace ossicle {

void RequestRing::Add(QueueRequest& request) {
  if (next_ == nullptr) {
    request.before = request.after = &request;
    next_ = &request;
    return;
  }
  request.after = next_;
  request.before = next_->before;
  request.before->after = &request;
  next_->before = &request;
}

void RequestRing::Remove(QueueRequest& request) {
  Pass(request);
  if (next_ == &request) next_ = nullptr;
  request.before->after = request.after;
  request.after->before = request.before;
  request.before = request.after = nullptr;
}

}  // namespace ossicle
