#include "models/schedule_text.h"

#include <string_view>

namespace musi::models {
namespace {

std::string_view word(sim::Cadence cadence) {
  switch (cadence) {
    case sim::Cadence::monthly: return "every month";
    case sim::Cadence::quarterly: return "end of a quarter";
    case sim::Cadence::january: return "January";
    case sim::Cadence::december: break;
  }
  return "December";
}

}  // namespace

std::string schedule_markdown(const sim::Schedule<World>& schedule) {
  std::string text = "| # | what happens | process | when |\n|---|---|---|---|\n";
  int number = 0;
  for (const auto& entry : schedule.entries()) {
    text += "| " + std::to_string(++number) + " | " + entry.label + " | `" +
            std::string(entry.process->name()) + "` | " + std::string(word(entry.cadence)) +
            " |\n";
  }
  return text;
}

}  // namespace musi::models
