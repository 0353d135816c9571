#include "sim/core/check.h"

namespace musi::sim {

void contract_failed(const char* kind, const char* condition, const char* file, int line) {
  throw ContractError(std::string(file) + ":" + std::to_string(line) + ": " + kind + " " +
                      condition);
}

}  // namespace musi::sim
