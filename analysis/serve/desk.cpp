#include "analysis/serve/desk.h"

namespace musi::analysis::serve {

bool Desk::announce(std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  if (seq <= last_seq_ || is_closed_) return false;
  last_seq_ = seq;
  if (current_) current_->request(sim::StopReason::interrupted);
  changed_.notify_all();
  return true;
}

std::unique_ptr<Desk::Turn> Desk::take(std::int64_t seq) {
  std::unique_lock lock(mutex_);
  const auto is_over = [&] { return is_closed_ || last_seq_ != seq || cancelled_ >= seq; };
  changed_.wait(lock, [&] { return is_over() || current_ == nullptr; });
  if (is_over()) return nullptr;
  current_ = std::make_shared<sim::Cancellation>();
  running_ = seq;
  ++n_started_;
  return std::make_unique<Turn>(*this, current_);
}

std::unique_ptr<Desk::Turn> Desk::take_idle() {
  const std::lock_guard lock(mutex_);
  if (is_closed_ || current_ != nullptr) return nullptr;
  current_ = std::make_shared<sim::Cancellation>();
  running_ = -1;
  return std::make_unique<Turn>(*this, current_);
}

void Desk::cancel(std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  if (seq > cancelled_) cancelled_ = seq;
  if (current_ && running_ <= seq) current_->request(sim::StopReason::interrupted);
  changed_.notify_all();
}

void Desk::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  if (current_) current_->request(sim::StopReason::interrupted);
  changed_.notify_all();
}

void Desk::release() {
  const std::lock_guard lock(mutex_);
  current_ = nullptr;
  running_ = -1;
  changed_.notify_all();
}

std::int64_t Desk::last_seq() const {
  const std::lock_guard lock(mutex_);
  return last_seq_;
}

bool Desk::is_busy() const {
  const std::lock_guard lock(mutex_);
  return current_ != nullptr;
}

std::int64_t Desk::n_started() const {
  const std::lock_guard lock(mutex_);
  return n_started_;
}

}  // namespace musi::analysis::serve
